/* What is known of an Open MPI by what MPI_Get_library_version says: which leaves Lustre to ROMIO, and which writes past
 * a buffer. */
#include "engine/machine/mpi_facts.h"
#include "h5roof/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void ompio_leaves_lustre_until_4_0(void **state)
{
    (void)state;
    static const struct {
        const char *library;
        bool leaves;
    } cases[] = {
        {"Open MPI v2.1.1, package: Open MPI x Distribution, ident: 2.1.1, May 10, 2017", true},
        {"Open MPI v3.1.6, package: Debian OpenMPI", true},
        {"Open MPI v4.0.7, package: Open MPI x Distribution, ident: 4.0.7", true},
        {"Open MPI v4.1.0, package: Open MPI x Distribution, ident: 4.1.0", false},
        {"Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022", false},
        {"Open MPI v5.0.3, package: Open MPI x Distribution", false},
        {"Open MPI v10.0.0", false},
        {"MPICH Version:\t4.0.2", false},
        {"", false},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        assert_true(h5r_ompio_leaves_lustre(cases[i].library) == cases[i].leaves);
    }
}

static void paths_are_bounded_where_lockedfile_is_asked(void **state)
{
    (void)state;
    static const struct {
        const char *library, *sharedfp;
        int ranks;
        size_t most;
    } cases[] = {
        {"Open MPI v4.1.4, package: Debian OpenMPI", "", 1, 244},
        {"Open MPI v4.1.4, package: Debian OpenMPI", "", 10, 244},
        {"Open MPI v4.1.4, package: Debian OpenMPI", "", 11, 243},
        {"Open MPI v5.0.9, package: Open MPI x", "lockedfile", 1, 244},
        {"Open MPI v5.0.10, package: Open MPI x", "", 1, 0},
        {"Open MPI v6.0.0rc2, package: Open MPI x", "", 1, 0},
        {"Open MPI v4.1.4", "sm", 1, 0},
        {"Open MPI v4.1.4", "sm,individual", 1, 0},
        {"Open MPI v4.1.4", "sm,lockedfile", 1, 244},
        {"Open MPI v4.1.4", "^lockedfile", 1, 0},
        {"Open MPI v4.1.4", "^sm,lockedfile", 1, 0},
        {"Open MPI v4.1.4", "^sm", 1, 244},
        {"MPICH Version:\t4.0.2", "", 1, 0},
        {"", "", 1, 0},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        assert_int_equal(h5r_ompio_path_most(cases[i].library, cases[i].sharedfp, cases[i].ranks),
                         cases[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ompio_leaves_lustre_until_4_0),
                                       cmocka_unit_test(paths_are_bounded_where_lockedfile_is_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
