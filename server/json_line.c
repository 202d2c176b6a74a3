/* One line of JSON from outside, read strictly. */
#include "json_line.h"

#include <stdio.h>
#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Behind the number at `at`, or NULL where JSON's grammar has no such number. */
static const char *skip_number(const char *at, const char *end) {
  if (at < end && *at == '-')
    at++;
  if (at == end || !is_digit(*at))
    return NULL;
  if (*at == '0' && at + 1 < end && is_digit(at[1]))
    return NULL;
  while (at < end && is_digit(*at))
    at++;
  if (at < end && *at == '.') {
    if (++at == end || !is_digit(*at))
      return NULL;
    while (at < end && is_digit(*at))
      at++;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-'))
      at++;
    if (at == end || !is_digit(*at))
      return NULL;
    while (at < end && is_digit(*at))
      at++;
  }
  return at;
}

/* Behind the string that opens at `at`, or NULL where it has a bare control character, \u0000 or no end. */
static const char *skip_string(const char *at, const char *end) {
  for (at++; at < end && *at != '"'; at++) {
    if ((unsigned char)*at < 0x20)
      return NULL;
    if (*at == '\\') {
      if (end - at >= 6 && memcmp(at, "\\u0000", 6) == 0)
        return NULL;
      at++;
    }
  }
  return at < end ? at + 1 : NULL;
}

/* Are all numbers, strings and gaps of the text such as JSON has? (Their order is cJSON's concern.) */
static int has_strict_tokens(const char *at, const char *end) {
  while (at && at < end) {
    if (*at == '"')
      at = skip_string(at, end);
    else if (*at == '-' || is_digit(*at))
      at = skip_number(at, end);
    else if ((unsigned char)*at <= 0x20 ? !is_space(*at) : (unsigned char)*at > 0x7e)
      at = NULL;
    else
      at++;
  }
  return at != NULL;
}

cJSON *pf_json_parse(const char *bytes, size_t size) {
  if (!has_strict_tokens(bytes, bytes + size))
    return NULL;
  const char *end = NULL;
  cJSON *item = cJSON_ParseWithLengthOpts(bytes, size, &end, 0);
  while (item && end < bytes + size) {
    if (!is_space(*end++)) {
      cJSON_Delete(item);
      item = NULL;
    }
  }
  return item;
}

const cJSON *pf_json_member(const cJSON *object, const char *key) {
  const cJSON *found = NULL;
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    if (strcmp(item->string, key) == 0)
      found = item;
  }
  return found;
}

int pf_json_whole(const cJSON *item, int64_t low, int64_t high, int64_t *value) {
  if (!cJSON_IsNumber(item))
    return 0;
  double number = item->valuedouble;
  if (!(number >= (double)low && number <= (double)high) || (double)(int64_t)number < number ||
      (double)(int64_t)number > number)
    return 0;
  *value = (int64_t)number;
  return 1;
}

static void found_number(double number, char text[PF_FOUND_SIZE]) {
  double limit = (double)PF_JSON_WHOLE_MAX;
  if (number > limit || number < -limit)
    snprintf(text, PF_FOUND_SIZE, "a number beyond 2^53");
  else if ((double)(int64_t)number < number || (double)(int64_t)number > number)
    snprintf(text, PF_FOUND_SIZE, "a fraction");
  else
    snprintf(text, PF_FOUND_SIZE, "%lld", (long long)number);
}

/* Characters have up to 4 bytes, or 6 when escaped. */
const char *pf_json_quoted(const char *string, char text[PF_FOUND_SIZE]) {
  const size_t most = 160;
  char part[160 + 4];
  size_t characters = 0, bytes = 0;
  while (bytes < most && string[bytes]) {
    if (((unsigned char)string[bytes] & 0xc0) != 0x80 && ++characters > 40)
      break;
    bytes++;
  }
  int is_cut = string[bytes] != 0;
  memcpy(part, string, bytes);
  memcpy(part + bytes, is_cut ? "..." : "", is_cut ? 4 : 1);
  cJSON item = {.type = cJSON_String, .valuestring = part};
  if (!cJSON_PrintPreallocated(&item, text, PF_FOUND_SIZE, 0))
    snprintf(text, PF_FOUND_SIZE, "a string");
  return text;
}

const char *pf_json_found(const cJSON *item, char text[PF_FOUND_SIZE]) {
  if (cJSON_IsString(item))
    pf_json_quoted(item->valuestring, text);
  else if (cJSON_IsNumber(item))
    found_number(item->valuedouble, text);
  else if (cJSON_IsArray(item))
    snprintf(text, PF_FOUND_SIZE, "an array of %d", cJSON_GetArraySize(item));
  else
    snprintf(text, PF_FOUND_SIZE, "%s",
             !item                  ? "nothing"
             : cJSON_IsObject(item) ? "an object"
             : cJSON_IsTrue(item)   ? "true"
             : cJSON_IsFalse(item)  ? "false"
                                    : "null");
  return text;
}
