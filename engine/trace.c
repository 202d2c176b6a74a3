/*
 * Real traces: the text of tracefs `trace` (Linux 6.1) becomes frame events.
 *
 * A frame is in the buddy lists, on a per-CPU list (pcp), or allocated; each line moves a block from one of these to
 * another:
 *   1. The start: as the start file says. Without one, a frame was where its first event takes it from; no event:
 * unknown.
 *   2. mm_page_alloc_zone_locked: buddy to pcp.
 *   3. mm_page_alloc: pcp to allocated. Compaction may catch a block of order 9 that is still in buddy. pfn 0: it
 * failed.
 *   4. mm_page_free: allocated to pcp (orders 0 to 3, and 9) or to buddy (the others). Nobody need have seen the
 * allocation.
 *   5. mm_page_free_batched: a second word on a mm_page_free; ignored.
 *   6. mm_page_pcpu_drain: pcp to buddy.
 *   7. Bulk allocation takes frames from pcp, and compaction from buddy, without an event.
 *   8. A free that finds its pcp locked goes straight to buddy, without an event. Only what follows proves it.
 *   9. A part of a larger block may be freed alone.
 *  10. Where events were lost, all but holes and reserved frames are unknown until an event tells.
 *
 * What one line cannot say, a later one may: so the lines are kept as records, and pf_trace_finish() looks
 *   back,    from the last record to the first: what the next event of a frame proves about the event before it, or
 *            about the start (rules 1 and 8); and
 *   forward: where frames were not what a line takes for granted (rules 7 and 9), so that each entry can say so.
 *
 * Not modelled: which list of which CPU a pcp frame is on; frames that were taken without an event stay where they were
 * last seen until an event tells; captures made with the latency-format option of tracefs are not read (those of
 * trace-cmd report -l are).
 *
 * The region: struct pf_trace, max_events records, then two bytes a frame. No pointers.
 */
#include <string.h>

#include "pageframe.h"

#define LINE_KEPT 4096u         /* of a longer line only so much is looked at */
#define PAGEBLOCK_ORDER 9u      /* blocks of one migratetype, x86-64 */
#define DRAIN_SEARCH (1u << 26) /* records that all searches for a drain that proves rule 8 may look at */
#define MAX_EVENTS (1u << 28)

enum kind { KIND_NONE, KIND_ALLOC, KIND_FREE, KIND_ZONE_LOCKED, KIND_DRAIN, KIND_FAILED, KIND_LOST, KIND_BATCHED };

static const struct {
  const char *text;
  uint8_t kind;
} page_events[] = {
    {"mm_page_alloc:", KIND_ALLOC},          {"mm_page_free:", KIND_FREE},
    {"mm_page_free_batched:", KIND_BATCHED}, {"mm_page_alloc_zone_locked:", KIND_ZONE_LOCKED},
    {"mm_page_pcpu_drain:", KIND_DRAIN},
};
#define NR_PAGE_EVENTS (sizeof page_events / sizeof page_events[0])

/* One entry of the timeline. */
struct record {
  uint32_t pfn; /* KIND_LOST: how many events, 0: not said */
  uint32_t line;
  uint16_t cpu;
  uint8_t kind;
  uint8_t order;
  uint8_t state;   /* where the block is afterwards */
  uint8_t prior;   /* where it must have been, if that is not where it was believed; PF_STATE_HOLE: as believed */
  uint8_t nested;  /* in an interrupt that came while preemption was off: a pcp may be locked (rule 8) */
  uint8_t drained; /* a free whose block left its list by a drain */
};

struct pf_trace {
  uint32_t max_events, max_frames;
  uint32_t has_start, finished;
  uint32_t feeding;    /* trace text has come: no more start text */
  uint32_t start_line; /* lines of start text read */
  uint32_t kept;       /* bytes in `line`: what earlier calls brought of an unfinished line */
  uint32_t cut;        /* that line is longer than LINE_KEPT */
  uint32_t needed;     /* frames that a refused piece would have needed */
  struct pf_trace_stats stats;
  char line[LINE_KEPT];
};
_Static_assert(sizeof(struct pf_trace) % 8 == 0, "records follow the header");
_Static_assert(sizeof(struct record) == 16, "records are kept small");

static struct record *records(struct pf_trace *trace) { return (struct record *)(void *)(trace + 1); }

static const struct record *const_records(const struct pf_trace *trace) {
  return (const struct record *)(const void *)(trace + 1);
}

/* A byte a frame: its state before the first record. */
static uint8_t *start_of(struct pf_trace *trace) { return (uint8_t *)(records(trace) + trace->max_events); }

/* A byte a frame for the passes of pf_trace_finish(). */
static uint8_t *work_of(struct pf_trace *trace) { return start_of(trace) + trace->max_frames; }

/* ---------------------------------------------------------------- the region */

uint64_t pf_trace_size(uint32_t max_events, uint32_t max_frames) {
  if (max_events > MAX_EVENTS || max_frames > PF_MAX_FRAMES)
    return 0;
  uint64_t size = sizeof(struct pf_trace) + (uint64_t)max_events * sizeof(struct record) + 2 * (uint64_t)max_frames;
  return (size + 7) & ~(uint64_t)7;
}

static enum pf_status check_region(const void *region, uint64_t size, uint32_t max_events, uint32_t max_frames) {
  uint64_t needed = pf_trace_size(max_events, max_frames);
  if (needed == 0)
    return PF_E_ARGUMENT;
  return size < needed || ((uintptr_t)region & 7) != 0 ? PF_E_MEMORY : PF_OK;
}

enum pf_status pf_trace_init(struct pf_trace *trace, uint64_t size, uint32_t max_events, uint32_t max_frames) {
  enum pf_status status = check_region(trace, size, max_events, max_frames);
  if (status != PF_OK)
    return status;
  memset(trace, 0, sizeof *trace);
  trace->max_events = max_events;
  trace->max_frames = max_frames;
  memset(start_of(trace), 0, 2 * (size_t)max_frames);
  return PF_OK;
}

enum pf_status pf_trace_move(struct pf_trace *to, uint64_t size, const struct pf_trace *from, uint32_t max_events,
                             uint32_t max_frames) {
  enum pf_status status = check_region(to, size, max_events, max_frames);
  if (status != PF_OK)
    return status;
  if (max_events < from->max_events || max_frames < from->max_frames)
    return PF_E_ARGUMENT;
  /* In place, everything moves up: the last part first. The work bytes hold nothing between two calls. */
  const struct record *old = const_records(from);
  const uint8_t *old_start = (const uint8_t *)(old + from->max_events);
  uint32_t old_frames = from->max_frames;
  uint8_t *start = (uint8_t *)(void *)(to + 1) + (size_t)max_events * sizeof(struct record);
  memmove(start, old_start, old_frames);
  if (to != from) {
    memcpy(records(to), old, from->stats.events * sizeof *old);
    *to = *from;
  }
  memset(start + old_frames, 0, max_frames - old_frames);
  to->max_events = max_events;
  to->max_frames = max_frames;
  return PF_OK;
}

/* ---------------------------------------------------------------- words and numbers */

struct scan {
  const char *at, *end;
};
struct word {
  const char *text;
  size_t length;
};

static int is_blank(char c) { return c == ' ' || c == '\t'; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* The next word between blanks. 0: there is none. */
static int next_word(struct scan *scan, struct word *word) {
  const char *at = scan->at;
  while (at < scan->end && is_blank(*at))
    at++;
  word->text = at;
  while (at < scan->end && !is_blank(*at))
    at++;
  word->length = (size_t)(at - word->text);
  scan->at = at;
  return word->length > 0;
}

static int starts_with(const char *text, size_t length, const char *prefix) {
  size_t n = strlen(prefix);
  return length >= n && memcmp(text, prefix, n) == 0;
}

/* Digits up to something that is none; returns how many (0: none, or more than 64 bits). */
static size_t read_digits(const char *text, size_t length, uint32_t base, uint64_t *value) {
  uint64_t sum = 0;
  size_t i = 0;
  for (; i < length; i++) {
    char c = text[i];
    uint32_t digit = is_digit(c)            ? (uint32_t)(c - '0')
                     : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                     : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                            : 16;
    if (digit >= base)
      break;
    if (sum > (UINT64_MAX - digit) / base)
      return 0;
    sum = sum * base + digit;
  }
  *value = sum;
  return i;
}

/* The whole text is one number: 0x and hex digits, or digits of `base`. */
static int read_number(const char *text, size_t length, uint32_t base, uint64_t *value) {
  if (length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
    length -= 2;
  }
  return length > 0 && read_digits(text, length, base, value) == length;
}

/* ---------------------------------------------------------------- one line of a trace */

/* `4.272328:`, or digits alone where the trace clock is a counter. */
static int is_time(const struct word *word) {
  size_t n = word->length;
  if (n < 2 || word->text[n - 1] != ':' || !is_digit(word->text[0]))
    return 0;
  uint32_t points = 0;
  for (size_t i = 0; i < n - 1; i++) {
    if (word->text[i] == '.')
      points++;
    else if (!is_digit(word->text[i]))
      return 0;
  }
  return points <= 1;
}

/* `[003]` */
static int is_cpu(const struct word *word, uint64_t *cpu) {
  size_t n = word->length;
  return n > 2 && word->text[0] == '[' && word->text[n - 1] == ']' && read_number(word->text + 1, n - 2, 10, cpu);
}

/* Context `d.s3.`: a softirq or hardirq (third place) at a preempt depth of 2 or more (fourth). */
static int is_nested(const char *flags, size_t length) {
  if (length < 4 || (flags[2] != 's' && flags[2] != 'h' && flags[2] != 'H'))
    return 0;
  return (flags[3] >= '2' && flags[3] <= '9') || (flags[3] >= 'a' && flags[3] <= 'f');
}

/* The words before the time tell the CPU: `[003]`, `[003] d.s3.`, or `3d.s3.` (trace-cmd report -l). */
static int read_cpu(const struct word before[2], struct record *record) {
  uint64_t cpu = 0;
  struct word flags = {"", 0};
  if (is_cpu(&before[1], &cpu)) {
    /* trace-cmd report has no flags */
  } else if (is_cpu(&before[0], &cpu)) {
    flags = before[1];
  } else {
    size_t digits = read_digits(before[1].text, before[1].length, 10, &cpu);
    flags.text = before[1].text + digits;
    flags.length = before[1].length - digits;
    if (digits == 0 || flags.length < 4 || flags.length > 6)
      return 0;
  }
  if (cpu > UINT16_MAX)
    return 0;
  record->cpu = (uint16_t)cpu;
  record->nested = (uint8_t)is_nested(flags.text, flags.length);
  return 1;
}

/* `task-pid [cpu] flags time:`, the task's name holding whatever it likes. Leaves the scan at the event's name. */
static int read_head(struct scan *scan, struct record *record) {
  struct word before[2] = {{"", 0}, {"", 0}};
  struct word word;
  while (next_word(scan, &word)) {
    if (word.text[word.length - 1] == ':' && is_time(&word) && read_cpu(before, record))
      return 1;
    before[0] = before[1];
    before[1] = word;
  }
  return 0;
}

/* The kind that the last part of `name:` or `kmem:name:` stands for. */
static enum kind name_kind(const char *text, size_t length) {
  size_t first = length < 2 ? 0 : length - 1;
  while (first > 0 && text[first - 1] != ':')
    first--;
  text += first;
  length -= first;
  for (size_t i = 0; i < NR_PAGE_EVENTS; i++)
    if (strlen(page_events[i].text) == length && memcmp(page_events[i].text, text, length) == 0)
      return (enum kind)page_events[i].kind;
  return KIND_NONE;
}

/* A line without a readable head that still names a page event somewhere. */
static int names_page_event(struct scan scan) {
  struct word word;
  while (next_word(&scan, &word))
    if (name_kind(word.text, word.length) != KIND_NONE)
      return 1;
  return 0;
}

/* Reads pfn= and order= into the record. 0: one is missing or cannot be. */
static int read_block(struct scan scan, struct record *record) {
  uint64_t pfn = 0, order = 0;
  uint32_t found = 0;
  struct word word;
  while (found != 3 && next_word(&scan, &word)) {
    if (starts_with(word.text, word.length, "pfn=") && read_number(word.text + 4, word.length - 4, 10, &pfn))
      found |= 1;
    else if (starts_with(word.text, word.length, "order=") && read_number(word.text + 6, word.length - 6, 10, &order))
      found |= 2;
  }
  if (found != 3 || order >= PF_MAX_ORDERS)
    return 0;
  record->order = (uint8_t)order;
  if (record->kind == KIND_ALLOC && (pfn == 0 || pfn == UINT64_MAX)) {
    record->kind = KIND_FAILED; /* older kernels write the page that is none as -1 */
    return 1;
  }
  uint64_t frames = (uint64_t)1 << order;
  if (pfn > PF_MAX_FRAMES - frames || (pfn & (frames - 1)) != 0)
    return 0;
  record->pfn = (uint32_t)pfn;
  return 1;
}

/* Where a block goes. Orders 0 to 3, and the huge pages of order 9, have per-CPU lists. */
static uint8_t state_after(enum kind kind, uint32_t order) {
  switch (kind) {
  case KIND_ALLOC:
    return PF_STATE_ALLOCATED;
  case KIND_ZONE_LOCKED:
    return PF_STATE_PCP;
  case KIND_FREE:
    return order <= 3 || order == 9 ? PF_STATE_PCP : PF_STATE_BUDDY;
  default:
    return PF_STATE_BUDDY;
  }
}

static enum pf_status append(struct pf_trace *trace, struct record *record) {
  uint32_t end = record->kind <= KIND_DRAIN ? record->pfn + (1u << record->order) : 0;
  if (end > trace->max_frames) {
    trace->needed = end;
    return PF_E_FULL;
  }
  if (trace->stats.events == trace->max_events)
    return PF_E_FULL;
  if (trace->stats.frames < end)
    trace->stats.frames = end;
  record->line = trace->stats.lines + 1;
  record->state = state_after((enum kind)record->kind, record->order);
  if (record->kind == KIND_FAILED)
    trace->stats.failed++;
  records(trace)[trace->stats.events++] = *record;
  return PF_OK;
}

static enum pf_status append_loss(struct pf_trace *trace, uint32_t cpu, uint64_t count) {
  struct record record = {.kind = KIND_LOST, .cpu = (uint16_t)cpu};
  record.pfn = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
  enum pf_status status = append(trace, &record);
  if (status == PF_OK)
    trace->stats.lost = record.pfn > UINT32_MAX - trace->stats.lost ? UINT32_MAX : trace->stats.lost + record.pfn;
  return status;
}

/* `# entries-in-buffer/entries-written: 512/1131   #P:1`: the oldest were overwritten. `##### CPU 2 buffer started
 * ####`: so were that CPU's, up to here. */
static enum pf_status read_comment(struct pf_trace *trace, struct scan scan) {
  static const char head[] = "# entries-in-buffer/entries-written:";
  static const char mark[] = "##### CPU ";
  size_t length = (size_t)(scan.end - scan.at);
  struct word word;
  uint64_t left = 0, written = 0;
  if (starts_with(scan.at, length, head)) {
    scan.at += sizeof head - 1;
    if (!next_word(&scan, &word))
      return PF_OK;
    size_t n = read_digits(word.text, word.length, 10, &left);
    if (n == 0 || n == word.length || !read_number(word.text + n + 1, word.length - n - 1, 10, &written))
      return PF_OK;
    return written > left ? append_loss(trace, 0, written - left) : PF_OK;
  }
  if (!starts_with(scan.at, length, mark))
    return PF_OK;
  scan.at += sizeof mark - 1;
  uint64_t cpu = 0;
  if (!next_word(&scan, &word) || !read_number(word.text, word.length, 10, &cpu) || cpu > UINT16_MAX)
    return PF_OK;
  return append_loss(trace, (uint32_t)cpu, 0);
}

/* `CPU:0 [LOST 619 EVENTS]`, `CPU:0 [LOST EVENTS]`, and trace-cmd's `CPU:0 [619 EVENTS DROPPED]`. */
static int is_loss(struct scan scan, uint32_t *cpu, uint64_t *count) {
  struct word word;
  uint64_t number = 0;
  if (!next_word(&scan, &word) || !starts_with(word.text, word.length, "CPU:") ||
      !read_number(word.text + 4, word.length - 4, 10, &number) || number > UINT16_MAX)
    return 0;
  *cpu = (uint32_t)number;
  int told = 0;
  while (next_word(&scan, &word)) {
    size_t bracket = word.text[0] == '[';
    const char *text = word.text + bracket;
    size_t length = word.length - bracket;
    if (read_number(text, length, 10, &number))
      *count = number;
    told = told || starts_with(text, length, "LOST") || starts_with(text, length, "DROPPED");
  }
  return told;
}

/* What is neither a comment nor a readable head: a loss, something damaged, or something else. */
static enum pf_status read_other(struct pf_trace *trace, struct scan scan) {
  uint32_t cpu = 0;
  uint64_t count = 0;
  if (is_loss(scan, &cpu, &count))
    return append_loss(trace, cpu, count);
  if (names_page_event(scan)) {
    trace->stats.bad++;
    if (trace->stats.bad_line == 0)
      trace->stats.bad_line = trace->stats.lines + 1;
  } else {
    struct word word;
    trace->stats.skipped += next_word(&scan, &word) ? 1 : 0;
  }
  return PF_OK;
}

static enum pf_status read_event(struct pf_trace *trace, struct scan scan, struct record *record) {
  struct scan fields = scan;
  struct word name;
  if (!next_word(&fields, &name))
    return read_other(trace, scan);
  enum kind kind = name_kind(name.text, name.length);
  if (kind == KIND_NONE) {
    trace->stats.skipped++;
    return PF_OK;
  }
  if (kind == KIND_BATCHED) {
    trace->stats.ignored++;
    return PF_OK;
  }
  record->kind = (uint8_t)kind;
  return read_block(fields, record) ? append(trace, record) : read_other(trace, scan);
}

/* A whole line, without its newline. Any status but PF_OK: it is as if the line had not come. */
static enum pf_status read_trace_line(struct pf_trace *trace, const char *text, size_t length) {
  struct scan scan = {text, text + length};
  struct record record = {0};
  enum pf_status status;
  if (read_head(&scan, &record))
    status = read_event(trace, scan, &record);
  else if (length > 0 && text[0] == '#')
    status = read_comment(trace, (struct scan){text, text + length});
  else
    status = read_other(trace, (struct scan){text, text + length});
  if (status == PF_OK)
    trace->stats.lines++;
  return status;
}

/* ---------------------------------------------------------------- pieces of text */

typedef enum pf_status line_reader(struct pf_trace *trace, const char *text, size_t length);

static void keep(struct pf_trace *trace, const char *text, size_t bytes) {
  size_t room = LINE_KEPT - trace->kept;
  size_t taken = bytes < room ? bytes : room;
  memcpy(trace->line + trace->kept, text, taken);
  trace->kept += (uint32_t)taken;
  trace->cut |= taken < bytes;
}

/* Hands the kept line, or `text`, to the reader: without CR, and of a long line only whole words. */
static enum pf_status read_line(struct pf_trace *trace, const char *text, size_t length, line_reader *reader) {
  int cut = length > LINE_KEPT || (text == trace->line && trace->cut != 0);
  if (cut) {
    size_t whole = LINE_KEPT;
    while (whole > 0 && !is_blank(text[whole - 1]))
      whole--;
    length = whole > 0 ? whole : LINE_KEPT;
  } else if (length > 0 && text[length - 1] == '\r') {
    length--;
  }
  return reader(trace, text, length);
}

/* Reads the whole lines of `text` and keeps the rest. *used: what was taken before a status other than PF_OK. */
static enum pf_status read_lines(struct pf_trace *trace, const char *text, size_t bytes, size_t *used,
                                 line_reader *reader) {
  size_t at = 0;
  enum pf_status status = PF_OK;
  while (at < bytes) {
    const char *newline = memchr(text + at, '\n', bytes - at);
    if (newline == NULL) {
      keep(trace, text + at, bytes - at);
      at = bytes;
      break;
    }
    size_t length = (size_t)(newline - (text + at));
    if (trace->kept == 0) {
      status = read_line(trace, text + at, length, reader);
    } else {
      uint32_t kept = trace->kept, cut = trace->cut;
      keep(trace, text + at, length);
      status = read_line(trace, trace->line, trace->kept, reader);
      trace->kept = status == PF_OK ? 0 : kept;
      trace->cut = status == PF_OK ? 0 : cut;
    }
    if (status != PF_OK)
      break;
    at += length + 1;
  }
  *used = at;
  return status;
}

/* The last line may lack its newline. */
static enum pf_status read_kept(struct pf_trace *trace, line_reader *reader) {
  if (trace->kept == 0)
    return PF_OK;
  enum pf_status status = read_line(trace, trace->line, trace->kept, reader);
  if (status == PF_OK)
    trace->kept = trace->cut = 0;
  return status;
}

/* ---------------------------------------------------------------- the starting state */

#define KPF_BUDDY ((uint64_t)1 << 10)
#define KPF_NOPAGE ((uint64_t)1 << 20)
#define KPF_RESERVED ((uint64_t)1 << 32)

/* `first_pfn count flags`, pfn and flags in hex, in rising order. */
static enum pf_status read_start_line(struct pf_trace *trace, const char *text, size_t length) {
  struct scan scan = {text, text + length};
  struct word word[4];
  uint32_t n = 0;
  while (n < 4 && next_word(&scan, &word[n]))
    n++;
  if (n > 0 && word[0].text[0] != '#') {
    uint64_t pfn = 0, count = 0, flags = 0;
    if (n != 3 || !read_number(word[0].text, word[0].length, 16, &pfn) ||
        !read_number(word[1].text, word[1].length, 10, &count) ||
        !read_number(word[2].text, word[2].length, 16, &flags))
      return PF_E_CORRUPT;
    if (count == 0 || count > PF_MAX_FRAMES || pfn < trace->stats.frames || pfn > PF_MAX_FRAMES - count)
      return PF_E_CORRUPT;
    if (pfn + count <= trace->max_frames)
      memset(start_of(trace) + pfn,
             (flags & KPF_NOPAGE) != 0     ? PF_STATE_HOLE
             : (flags & KPF_BUDDY) != 0    ? PF_STATE_BUDDY
             : (flags & KPF_RESERVED) != 0 ? PF_STATE_RESERVED
                                           : PF_STATE_UNKNOWN,
             (size_t)count);
    trace->stats.frames = (uint32_t)(pfn + count);
  }
  trace->start_line++;
  return PF_OK;
}

/* Reads so that after a failure nothing has happened, but that the frames that are needed are known. */
static enum pf_status read_start(struct pf_trace *trace, const char *text, size_t bytes, uint32_t *line) {
  const struct pf_trace before = *trace;
  size_t used = 0;
  enum pf_status status =
      bytes > 0 ? read_lines(trace, text, bytes, &used, read_start_line) : read_kept(trace, read_start_line);
  if (status == PF_OK && trace->stats.frames > trace->max_frames)
    status = PF_E_FULL;
  if (status == PF_E_CORRUPT && line != NULL)
    *line = trace->start_line + 1;
  if (status != PF_OK) {
    uint32_t frames = trace->stats.frames;
    uint32_t known = before.stats.frames < before.max_frames ? before.stats.frames : before.max_frames;
    *trace = before;
    memset(start_of(trace) + known, PF_STATE_HOLE, trace->max_frames - known);
    if (status == PF_E_FULL)
      trace->needed = frames;
  }
  return status;
}

enum pf_status pf_trace_start(struct pf_trace *trace, const char *text, size_t bytes, uint32_t *line) {
  if (trace->feeding || trace->finished)
    return PF_E_ARGUMENT;
  const struct pf_trace before = *trace;
  enum pf_status status = read_start(trace, text, bytes, line);
  if (status != PF_OK)
    return status;
  trace->has_start = 1;
  if (bytes > 0 || trace->stats.frames > 0)
    return PF_OK;
  if (line != NULL)
    *line = trace->start_line + 1;
  *trace = before;
  return PF_E_CORRUPT; /* all has been read, and it tells of no frame */
}

/* ---------------------------------------------------------------- the trace */

/* Trace text follows: what the start file left unfinished is its last line. */
static enum pf_status begin_feeding(struct pf_trace *trace) {
  if (trace->finished)
    return PF_E_ARGUMENT;
  if (trace->feeding)
    return PF_OK;
  enum pf_status status = read_start(trace, "", 0, NULL);
  if (status == PF_OK)
    trace->feeding = 1;
  return status;
}

enum pf_status pf_trace_feed(struct pf_trace *trace, const char *text, size_t bytes, size_t *used) {
  size_t taken = 0;
  enum pf_status status = begin_feeding(trace);
  if (status == PF_OK)
    status = read_lines(trace, text, bytes, &taken, read_trace_line);
  if (used != NULL)
    *used = taken;
  return status;
}

/* ---------------------------------------------------------------- looking back */

static uint32_t frames_in(const struct record *record) { return 1u << record->order; }

static int moves_frames(const struct record *record) {
  return record->kind >= KIND_ALLOC && record->kind <= KIND_DRAIN;
}

/* Is any frame of the block one whose byte is `value`? */
static int any_frame(const uint8_t *bytes, const struct record *record, uint8_t value) {
  return memchr(bytes + record->pfn, value, frames_in(record)) != NULL;
}

/* Is the byte of every frame of the block `value`? */
static int all_frames(const uint8_t *bytes, const struct record *record, uint8_t value) {
  const uint8_t *byte = bytes + record->pfn;
  for (uint32_t i = 0; i < frames_in(record); i++)
    if (byte[i] != value)
      return 0;
  return 1;
}

/* Events past a loss prove nothing about what came before it. */
static void forget(uint8_t *next, const struct record *record, uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i++)
    if (moves_frames(&record[i]))
      memset(next + record[i].pfn, KIND_NONE, frames_in(&record[i]));
}

/* Rule 8 where no zone_locked proves it: a block freed while the list may have been locked has no later event, but one
 * that came to the same list after it (same CPU, order and pageblock) is drained. Drains take the oldest first: so the
 * block was never on the list. */
static int was_left_behind(const struct record *record, uint32_t index, uint32_t end, uint32_t *search) {
  const struct record *freed = &record[index];
  for (uint32_t i = index + 1; i<end && * search> 0; i++, --*search) {
    const struct record *r = &record[i];
    if (r->drained && r->cpu == freed->cpu && r->order == freed->order &&
        r->pfn >> PAGEBLOCK_ORDER == freed->pfn >> PAGEBLOCK_ORDER)
      return 1;
  }
  return 0;
}

/* Where a frame was, going by its next event (rule 1). */
static uint8_t state_before(uint8_t next) {
  static const uint8_t before[] = {[KIND_NONE] = PF_STATE_UNKNOWN,
                                   [KIND_ALLOC] = PF_STATE_PCP,
                                   [KIND_FREE] = PF_STATE_ALLOCATED,
                                   [KIND_ZONE_LOCKED] = PF_STATE_BUDDY,
                                   [KIND_DRAIN] = PF_STATE_PCP};
  return before[next];
}

static void look_back(struct pf_trace *trace) {
  struct record *record = records(trace);
  uint8_t *next = work_of(trace); /* the kind of each frame's next event, as far as no loss lies between */
  uint32_t end = trace->stats.events, search = DRAIN_SEARCH;
  memset(next, KIND_NONE, trace->stats.frames);
  for (uint32_t i = trace->stats.events; i-- > 0;) {
    struct record *r = &record[i];
    if (r->kind == KIND_LOST) {
      forget(next, record, i + 1, end);
      end = i;
    }
    if (!moves_frames(r))
      continue;
    if (r->kind == KIND_FREE && r->state == PF_STATE_PCP) {
      r->drained = (uint8_t)all_frames(next, r, KIND_DRAIN);
      if (any_frame(next, r, KIND_ZONE_LOCKED) ||
          (r->nested && all_frames(next, r, KIND_NONE) && was_left_behind(record, i, end, &search)))
        r->state = PF_STATE_BUDDY;
    }
    memset(next + r->pfn, r->kind, frames_in(r));
  }
  if (trace->has_start)
    return;
  uint8_t *start = start_of(trace);
  for (uint32_t pfn = 0; pfn < trace->stats.frames; pfn++)
    start[pfn] = state_before(next[pfn]);
}

/* ---------------------------------------------------------------- looking forward */

/* What is believed of a frame: its state, and where it is allocated, the order of its block, if that is known. */
#define BELIEF(state, order) ((uint8_t)((state) | (order) << 4))

/* Where the block must have been, if that is not where all of it is believed to be. */
static uint8_t prior_of(const uint8_t *belief, const struct record *record) {
  static const uint8_t from[] = {[KIND_ALLOC] = PF_STATE_PCP,
                                 [KIND_FREE] = PF_STATE_ALLOCATED,
                                 [KIND_ZONE_LOCKED] = PF_STATE_BUDDY,
                                 [KIND_DRAIN] = PF_STATE_PCP};
  uint8_t needed = from[record->kind];
  uint8_t expected = BELIEF(needed, record->kind == KIND_FREE ? record->order + 1 : 0);
  /* Rule 3: compaction catches blocks of order 9. And what was allocated at the start was so in blocks of any order. */
  uint8_t accepted = record->kind == KIND_ALLOC ? PF_STATE_BUDDY : needed;
  for (uint32_t i = 0; i < frames_in(record); i++) {
    uint8_t is = belief[record->pfn + i];
    if (is != expected && is != accepted && is != PF_STATE_UNKNOWN)
      return needed;
  }
  return PF_STATE_HOLE;
}

/* From here on all but holes and reserved frames are in doubt. After the first loss only the frames that records
 * first .. end-1 moved are not yet. */
static void doubt(struct pf_trace *trace, uint8_t *belief, uint32_t first, uint32_t end) {
  const struct record *record = const_records(trace);
  if (first == 0)
    for (uint32_t pfn = 0; pfn < trace->stats.frames; pfn++)
      if (belief[pfn] != PF_STATE_HOLE && belief[pfn] != PF_STATE_RESERVED)
        belief[pfn] = PF_STATE_UNKNOWN;
  for (uint32_t i = first; i < end; i++)
    if (moves_frames(&record[i]))
      memset(belief + record[i].pfn, PF_STATE_UNKNOWN, frames_in(&record[i]));
}

static void look_forward(struct pf_trace *trace) {
  struct record *record = records(trace);
  uint8_t *start = start_of(trace);
  uint8_t *belief = work_of(trace);
  uint32_t first = 0;                                /* the record after the last loss */
  for (uint32_t i = 0; i < trace->stats.events; i++) /* what the start file calls absent, or does not reach, is there */
    if (moves_frames(&record[i]))
      for (uint32_t f = 0; f < frames_in(&record[i]); f++)
        if (start[record[i].pfn + f] == PF_STATE_HOLE)
          start[record[i].pfn + f] = PF_STATE_UNKNOWN;
  memcpy(belief, start, trace->stats.frames);
  for (uint32_t i = 0; i < trace->stats.events; i++) {
    struct record *r = &record[i];
    if (r->kind == KIND_LOST) {
      doubt(trace, belief, first, i);
      first = i + 1;
    }
    if (!moves_frames(r))
      continue;
    r->prior = prior_of(belief, r);
    memset(belief + r->pfn, BELIEF(r->state, r->kind == KIND_ALLOC ? r->order + 1 : 0), frames_in(r));
  }
}

enum pf_status pf_trace_finish(struct pf_trace *trace) {
  enum pf_status status = begin_feeding(trace);
  if (status == PF_OK)
    status = read_kept(trace, read_trace_line);
  if (status != PF_OK)
    return status;
  look_back(trace);
  look_forward(trace);
  trace->finished = 1;
  return PF_OK;
}

/* ---------------------------------------------------------------- results */

void pf_trace_stats(const struct pf_trace *trace, struct pf_trace_stats *stats) {
  *stats = trace->stats;
  if (stats->frames < trace->needed)
    stats->frames = trace->needed;
}

enum pf_status pf_trace_machine(const struct pf_trace *trace, struct pf_machine *machine) {
  if (!trace->finished || trace->stats.frames == 0)
    return PF_E_ARGUMENT;
  memset(machine, 0, sizeof *machine);
  machine->nr_nodes = 1;
  machine->node[0].pages = trace->stats.frames;
  return PF_OK;
}

uint32_t pf_trace_beginning(const struct pf_trace *trace, uint32_t *cursor, struct pf_event *events,
                            uint32_t capacity) {
  const uint8_t *start = (const uint8_t *)(const_records(trace) + trace->max_events);
  uint32_t end = trace->finished ? trace->stats.frames : 0;
  uint32_t n = 0;
  for (; n < capacity && *cursor < end; n++) {
    uint32_t first = *cursor;
    uint32_t pfn = first + 1;
    while (pfn < end && start[pfn] == start[first])
      pfn++;
    events[n] = (struct pf_event){.kind = PF_EV_FRAMES_ARE, .s = start[first], .a = first, .b = pfn - first};
    *cursor = pfn;
  }
  return n;
}

static uint32_t op_of(const struct record *record) {
  static const uint8_t ops[] = {[KIND_NONE] = PF_OP_NONE,
                                [KIND_ALLOC] = PF_OP_MM_PAGE_ALLOC,
                                [KIND_FREE] = PF_OP_MM_PAGE_FREE,
                                [KIND_ZONE_LOCKED] = PF_OP_MM_PAGE_ALLOC_ZONE_LOCKED,
                                [KIND_DRAIN] = PF_OP_MM_PAGE_PCPU_DRAIN,
                                [KIND_FAILED] = PF_OP_MM_PAGE_ALLOC,
                                [KIND_LOST] = PF_OP_EVENTS_LOST};
  return ops[record->kind];
}

/* What the line says of its frames. */
static struct pf_event frame_event(const struct record *record) {
  struct pf_event event = {.s = record->order, .a = record->pfn};
  switch ((enum kind)record->kind) {
  case KIND_ALLOC:
    event.kind = PF_EV_HANDED_OUT;
    break;
  case KIND_FREE:
    event.kind = PF_EV_TAKEN_BACK;
    event.t = record->state;
    break;
  case KIND_LOST:
    event.kind = PF_EV_LOST_EVENTS;
    break;
  default:
    event.kind = PF_EV_MOVED;
    event.t = record->state;
  }
  return event;
}

uint32_t pf_trace_entry(const struct pf_trace *trace, uint32_t index, struct pf_event *events, uint32_t capacity) {
  if (!trace->finished || index >= trace->stats.events || capacity < PF_TRACE_ENTRY_MAX)
    return 0;
  const struct record *record = &const_records(trace)[index];
  uint32_t failed = record->kind == KIND_FAILED;
  uint32_t n = 0;
  events[n++] = (struct pf_event){.kind = PF_EV_OP_BEGIN,
                                  .s = (uint8_t)(record->cpu < 255 ? record->cpu : 255),
                                  .t = (uint16_t)op_of(record),
                                  .a = index + 1,
                                  .b = record->line};
  if (record->prior != PF_STATE_HOLE)
    events[n++] =
        (struct pf_event){.kind = PF_EV_FRAMES_ARE, .s = record->prior, .a = record->pfn, .b = frames_in(record)};
  if (!failed)
    events[n++] = frame_event(record);
  events[n++] = (struct pf_event){.kind = PF_EV_OP_END, .s = failed ? PF_OUTCOME_FAILED : PF_OUTCOME_DONE};
  return n;
}
