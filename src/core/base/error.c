#include "h5roof/error.h"
#include "h5roof/count.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

h5r_status_t h5r_fail(h5r_error_t *err, h5r_status_t code, const char *fmt, ...)
{
    if (err) {
        va_list args;
        va_start(args, fmt);
        err->code = code;
        if (vsnprintf(err->message, sizeof err->message, fmt, args) < 0) {
            err->message[0] = '\0';
        }
        va_end(args);
    }
    return code;
}

h5r_status_t h5r_no_memory(h5r_error_t *err, const char *what, ...)
{
    char text[H5R_MESSAGE_SIZE / 2];
    va_list args;
    va_start(args, what);
    if (vsnprintf(text, sizeof text, what, args) < 0) {
        text[0] = '\0';
    }
    va_end(args);
    return h5r_fail(err, H5R_ENV, "no memory for %s", text);
}

h5r_status_t h5r_context(h5r_error_t *err, const char *fmt, ...)
{
    char context[H5R_MESSAGE_SIZE];
    va_list args;
    va_start(args, fmt);
    int written = vsnprintf(context, sizeof context, fmt, args);
    va_end(args);
    if (written < 0) {
        return err->code;
    }

    /* The origin matters more than the context: a context that leaves no room for it is cut, not the message.
     */
    size_t message_length = strlen(err->message);
    size_t room = sizeof err->message - 1 - message_length;
    if (room < 3) {
        return err->code;
    }
    size_t length = strlen(context);
    if (length > room - 2) {
        length = room - 2;
    }
    memmove(err->message + length + 2, err->message, message_length + 1);
    memcpy(err->message, context, length);
    memcpy(err->message + length, ": ", 2);
    return err->code;
}

const char *h5r_status_meaning(h5r_status_t code)
{
    static const struct {
        h5r_status_t code;
        const char *meaning;
    } table[] = {
#define X(symbol, value, text) {symbol, text},
        H5R_STATUS_TABLE(X)
#undef X
    };
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        if (table[i].code == code) {
            return table[i].meaning;
        }
    }
    return "unknown status";
}
