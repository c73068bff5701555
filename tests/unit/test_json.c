/* JSON strings are valid whatever the text, and Markdown cells stay one cell. */
#include "core/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect(void (*write)(FILE *, const char *), const char *text, const char *expected)
{
    char *found = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&found, &size);
    assert_non_null(memory);
    write(memory, text);
    assert_int_equal(fclose(memory), 0);
    assert_string_equal(found, expected);
    free(found);
}

static void test_json_escapes(void **state)
{
    (void)state;
    expect(h5r_json_text, "", "\"\"");
    expect(h5r_json_text, "a \"b\" \\c/", "\"a \\\"b\\\" \\\\c/\"");
    expect(h5r_json_text, "\t\n\x01\x7f", "\"\\u0009\\u000a\\u0001\\u007f\"");
    expect(h5r_json_text, "µ 字 🙂", "\"µ 字 🙂\"");
}

static void test_json_replaces_what_is_no_utf8(void **state)
{
    (void)state;
    expect(h5r_json_text, "a\xff", "\"a\\ufffd\"");
    expect(h5r_json_text, "\xc3", "\"\\ufffd\"");                                  /* cut off */
    expect(h5r_json_text, "\xe5\xad", "\"\\ufffd\\ufffd\"");                       /* cut off */
    expect(h5r_json_text, "\xc0\xaf", "\"\\ufffd\\ufffd\"");                       /* overlong */
    expect(h5r_json_text, "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");            /* surrogate */
    expect(h5r_json_text, "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""); /* above U+10FFFF */
    expect(h5r_json_text,
           "\xf0\x8f\xbf\xbf"
           "x",
           "\"\\ufffd\\ufffd\\ufffd\\ufffdx\""); /* overlong */
}

static void test_markdown_is_one_cell(void **state)
{
    (void)state;
    expect(h5r_markdown_text, "a|b\nc *d* <e> x_y", "a\\|b c \\*d\\* \\<e\\> x\\_y");
    expect(h5r_markdown_code, "plain_name", "`plain_name`");
    expect(h5r_markdown_code, "a|b\nc", "`a\\|b c`");
    expect(h5r_markdown_code, "`a``b", "``` `a``b ```");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_escapes),
        cmocka_unit_test(test_json_replaces_what_is_no_utf8),
        cmocka_unit_test(test_markdown_is_one_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
