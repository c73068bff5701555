#include "bench/metadata/contents.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hid_t text_type(size_t size, H5T_str_t pad, H5T_cset_t set)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    return H5Tset_size(type, size) < 0 || H5Tset_strpad(type, pad) < 0 || H5Tset_cset(type, set) < 0 ? -1
                                                                                                     : type;
}

static hid_t type_of(h5r_attribute_type_t type, bool in_file)
{
    switch (type) {
    case H5R_ATTRIBUTE_I32:
        return H5Tcopy(in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32);
    case H5R_ATTRIBUTE_F64:
        return H5Tcopy(in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE);
    case H5R_ATTRIBUTE_STRING:
        return text_type(H5R_CONTENTS_TEXT, H5T_STR_NULLPAD, H5T_CSET_ASCII);
    case H5R_ATTRIBUTE_VLEN_STRING:
        return text_type(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8);
    }
    return -1;
}

herr_t h5r_contents_init(h5r_contents_t *v, const h5r_factors_t *f)
{
    const hsize_t elements = f->attribute_elements;
    *v = (h5r_contents_t){.type = f->attribute_type,
                          .elements = elements,
                          .file = type_of(f->attribute_type, true),
                          .memory = type_of(f->attribute_type, false),
                          .space =
                              elements > 1 ? H5Screate_simple(1, &elements, NULL) : H5Screate(H5S_SCALAR)};
    v->size = v->memory >= 0 ? H5Tget_size(v->memory) : 0;
    return v->file < 0 || v->space < 0 || v->size == 0 ? -1 : 0;
}

void h5r_contents_free(const h5r_contents_t *v)
{
    H5Tclose(v->file);
    H5Tclose(v->memory);
    H5Sclose(v->space);
}

void h5r_contents_put(const h5r_contents_t *v, int32_t number, char text[H5R_CONTENTS_TEXT], void *element)
{
    const double real = number;
    memset(text, 0, H5R_CONTENTS_TEXT);
    snprintf(text, H5R_CONTENTS_TEXT, "v%011" PRId32, number); /* all of one length */
    const void *const from[] = {[H5R_ATTRIBUTE_I32] = &number,
                                [H5R_ATTRIBUTE_F64] = &real,
                                [H5R_ATTRIBUTE_STRING] = text,
                                [H5R_ATTRIBUTE_VLEN_STRING] = &text};
    memcpy(element, from[v->type], v->size);
}

static const char *variable(const void *element)
{
    char *text;
    memcpy(&text, element, sizeof text);
    return text != NULL ? text : "";
}

bool h5r_contents_equal(const h5r_contents_t *v, const void *a, const void *b)
{
    return v->type == H5R_ATTRIBUTE_VLEN_STRING ? strcmp(variable(a), variable(b)) == 0
                                                : memcmp(a, b, v->size) == 0;
}

const char *h5r_contents_text(const h5r_contents_t *v, const void *element, char text[32])
{
    int32_t number;
    double real;
    switch (v->type) {
    case H5R_ATTRIBUTE_I32:
        memcpy(&number, element, sizeof number);
        snprintf(text, 32, "%" PRId32, number);
        break;
    case H5R_ATTRIBUTE_F64:
        memcpy(&real, element, sizeof real);
        snprintf(text, 32, "%.17g", real);
        break;
    case H5R_ATTRIBUTE_STRING:
        snprintf(text, 32, "'%.*s'", H5R_CONTENTS_TEXT, (const char *)element);
        break;
    case H5R_ATTRIBUTE_VLEN_STRING:
        snprintf(text, 32, "'%.28s'", variable(element));
        break;
    }
    for (char *c = text; *c != '\0'; c++) { /* a damaged string can hold anything */
        *c = *c < ' ' || *c > '~' ? '?' : *c;
    }
    return text;
}

/* By malloc, where no other function was asked for (H5Pset_vlen_mem_manager). */
void h5r_contents_reclaim(const h5r_contents_t *v, void *elements, uint64_t n)
{
    char **text = elements;
    for (uint64_t i = 0; v->type == H5R_ATTRIBUTE_VLEN_STRING && i < n; i++) {
        free(text[i]);
    }
    memset(elements, 0, (size_t)n * v->size);
}
