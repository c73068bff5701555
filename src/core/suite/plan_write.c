/* The effective suite, as YAML again. */
#include "core/base/visible.h"
#include "core/factors/factor.h"
#include "core/suite/plan.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Double quotes unless the text is a plain word, and not the word for nothing. */
static void write_text(const char *text, FILE *out)
{
    bool plain = isalnum((unsigned char)text[0]) && strcasecmp(text, "null") != 0;
    for (const char *s = text; *s && plain; s++) {
        plain = isalnum((unsigned char)*s) || strchr("-_./", *s);
    }
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *s = text, *end = text + strlen(text); s < end;) {
        uint32_t code = 0;
        size_t length = h5r_utf8(s, (size_t)(end - s), &code);
        if (length > 0 && (code < 0x20 || (code >= 0x7f && code < 0xa0))) {
            fprintf(out, "\\x%02x", (unsigned)code);
        } else {
            fputs(code == '"' || code == '\\' ? "\\" : "", out);
            fwrite(s, 1, length > 0 ? length : 1, out);
        }
        s += length > 0 ? length : 1;
    }
    fputc('"', out);
}

/* With as few digits as give the same number back. */
static void write_number(double value, FILE *out)
{
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    fputs(text, out);
}

static void write_case(const h5r_case_t *c, const h5r_factors_t *defaults, FILE *out)
{
    char text[H5R_TEXT_SIZE];
    fputs("  - {name: ", out);
    write_text(c->name, out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        if (h5r_factor_equal(factor, &c->factors, defaults)) {
            continue;
        }
        fprintf(out, ", %s: ", factor->name);
        write_text(h5r_factor_format(factor, &c->factors, text, sizeof text), out);
    }
    fputs("}\n", out);
}

void h5r_plan_write(const h5r_plan_t *plan, FILE *out)
{
    h5r_factors_t defaults;
    const h5r_repeat_t *repeat = &plan->repeat;
    h5r_factors_default(&defaults);
    if (plan->question[0]) {
        fprintf(out, "# %s\n", plan->question);
    }
    fputs("suite: ", out);
    write_text(plan->suite, out);
    fprintf(out, "\nseed: %" PRIu64 "\n", plan->seed);
    fprintf(out, "repeat: {warmup: %" PRIu64 ", min: %" PRIu64 ", max: %" PRIu64 ", ci: ", repeat->warmup,
            repeat->min, repeat->max);
    write_number(repeat->ci_frac, out);
    fputs(", time: ", out);
    write_number(repeat->time_s, out);
    fputs("}\n", out);
    if (plan->scratch[0]) {
        fputs("scratch: ", out);
        write_text(plan->scratch, out);
        fputc('\n', out);
    }
    fprintf(out, "verify: %s\ncase_timeout: ", plan->verify ? "true" : "false");
    write_number(plan->case_timeout_s, out);
    if (plan->roofs != H5R_ROOFS_ALL) {
        fprintf(out, "\nroofs: %s", h5r_roofs_names[plan->roofs]);
    }
    fputs("\ncases:\n", out);
    for (size_t i = 0; i < plan->ncases; i++) {
        write_case(&plan->cases[i], &defaults, out);
    }
}
