/*
 * json_line.h - one line of JSON from outside, read as strictly as JSON.parse does: cJSON alone would also take
 * numbers such as 07 and 7., raw control characters in strings, and white space that is none.
 */
#ifndef PF_JSON_LINE_H
#define PF_JSON_LINE_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#define PF_JSON_WHOLE_MAX 9007199254740991 /* 2^53 - 1: beyond it a double skips whole numbers */

/* NULL if the bytes are not one JSON value. To be freed with cJSON_Delete(). */
cJSON *pf_json_parse(const char *bytes, size_t size);
/* The member of that name: of several the last, as in JavaScript. NULL if there is none. */
const cJSON *pf_json_member(const cJSON *object, const char *key);
/* Is it a whole number from low to high? Then *value. */
int pf_json_whole(const cJSON *item, int64_t low, int64_t high, int64_t *value);

#define PF_FOUND_SIZE 320
/* The string as JSON, cut after 40 characters. Returns `text`. */
const char *pf_json_quoted(const char *string, char text[PF_FOUND_SIZE]);
/* What was found, in the words of docs/run-files.md; NULL is "nothing". Returns `text`. */
const char *pf_json_found(const cJSON *item, char text[PF_FOUND_SIZE]);

#endif
