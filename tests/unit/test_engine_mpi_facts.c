/* Which Open MPI leaves Lustre to ROMIO, by what MPI_Get_library_version says. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ompio_leaves_lustre_until_4_0)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
