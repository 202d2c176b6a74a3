/* The checker of the checker: every list, bitmap, count and zone is broken on purpose, one at a time, and it must
 * object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "map.h"
#include "random_run.h"

static struct rr *run;
static struct pf_structs *s; /* of the map: its two layers are held against each other */
static uint8_t *scratch;

static int set_up(void **state) {
  (void)state;
  run = rr_new(pf_kernel_find("linux-2.4.20"), 7, 1500);
  rr_boot(run);
  for (uint32_t i = 0; i < 400; i++)
    rr_step(run);
  s = pf_map_structs_mutable(run->map);
  scratch = rr_take((s->nr_frames + 7) / 8);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(scratch);
  rr_free(run);
  return 0;
}

static uint32_t check(void) {
  struct pf_finding finding;
  return pf_check_map(run->map, scratch, &finding);
}

/* Sets a word, expects an objection, and puts the word back. */
#define EXPECT_OBJECTION(lvalue, value, kind)                                                                          \
  do {                                                                                                                 \
    __typeof__(lvalue) kept = (lvalue);                                                                                \
    (lvalue) = (value);                                                                                                \
    if (kept != (lvalue))                                                                                              \
      assert_int_equal(check(), (kind));                                                                               \
    (lvalue) = kept;                                                                                                   \
  } while (0)

static void test_check_sound_state(void **state) {
  (void)state;
  assert_int_equal(check(), PF_FINDING_NONE);
}

static void test_check_every_link_of_every_list(void **state) {
  (void)state;
  uint32_t links = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t order = 0; order < s->nr_orders && s->zone[zone].size; order++) {
      uint32_t head = pf_head(s, zone, order), at = head;
      do {
        uint32_t next = pf_frames(s)[at].next;
        EXPECT_OBJECTION(pf_frames(s)[at].next, PF_NULL, PF_FINDING_RING);
        EXPECT_OBJECTION(pf_frames(s)[at].prev, PF_NULL, PF_FINDING_RING);
        EXPECT_OBJECTION(pf_frames(s)[at].next, pf_head(s, zone, (order + 1) % s->nr_orders), PF_FINDING_RING);
        links++;
        at = next;
      } while (at != head);
    }
  assert_true(links > 30);
  assert_int_equal(check(), PF_FINDING_NONE);
}

static void test_check_every_pair_bit(void **state) {
  (void)state;
  uint32_t bits = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t order = 0; order < s->nr_pair_orders; order++)
      for (uint32_t i = 0; pf_pair_bit(s, zone, order, i) >= 0; i++, bits++) {
        pf_pair_flip(pf_pair_bits(s), s->zone[zone].first_pair[order] + i);
        assert_int_equal(check(), PF_FINDING_PAIR);
        pf_pair_flip(pf_pair_bits(s), s->zone[zone].first_pair[order] + i);
      }
  assert_true(bits > 1000);
}

static void test_check_counts_and_flags_of_free_frames(void **state) {
  (void)state;
  uint32_t frames = 0;
  for (uint32_t pfn = 0; pfn < s->nr_frames; pfn++) {
    if ((pf_map_words(run->map)[pfn].word & PF_WORD_STATE) != PF_STATE_BUDDY)
      continue;
    EXPECT_OBJECTION(pf_frames(s)[pfn].count, 1, PF_FINDING_COUNT);
    EXPECT_OBJECTION(pf_frames(s)[pfn].flags, pf_frames(s)[pfn].flags | PF_FRAME_RESERVED, PF_FINDING_COUNT);
    frames++;
  }
  assert_true(frames > 100);
}

static void test_check_zone_counters(void **state) {
  (void)state;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    if (s->zone[zone].size)
      EXPECT_OBJECTION(s->zone[zone].free_pages, s->zone[zone].free_pages + 1, PF_FINDING_FREE_PAGES);
}

/* A block put on a second list, and on a list whose order does not suit its place. */
static void test_check_block_listed_twice_and_misplaced(void **state) {
  (void)state;
  uint8_t *kept = rr_take(pf_map_bytes(run->map));
  memcpy(kept, run->map, (size_t)pf_map_bytes(run->map));
  uint32_t lists = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t order = 1; order < s->nr_orders && s->zone[zone].size; order++) {
      uint32_t head = pf_head(s, zone, order), block = pf_frames(s)[head].next;
      if (block == head)
        continue;
      pf_ring_add(pf_frames(s), s->nr_links, block + 1,
                  pf_head(s, zone, 0)); /* its second frame, again, as a block of order 0 */
      assert_int_equal(check(), PF_FINDING_TWICE);
      memcpy(run->map, kept, (size_t)pf_map_bytes(run->map));
      pf_ring_del(pf_frames(s), s->nr_links, block);
      pf_ring_add(pf_frames(s), s->nr_links, block + 1, head);
      assert_int_equal(check(), PF_FINDING_PLACE);
      memcpy(run->map, kept, (size_t)pf_map_bytes(run->map));
      lists++;
    }
  free(kept);
  assert_true(lists > 3);
}

static void test_check_boot_node(void **state) {
  (void)state;
  for (uint32_t node = 0; node < s->nr_nodes; node++) {
    EXPECT_OBJECTION(s->boot[node].last_offset, PF_PAGE_SIZE, PF_FINDING_BOOT);
    EXPECT_OBJECTION(s->boot[node].last_pos, s->boot[node].end_pfn, PF_FINDING_BOOT);
    EXPECT_OBJECTION(s->boot[node].end_pfn, s->nr_frames + 1, PF_FINDING_BOOT);
  }
}

static void test_check_frames_against_lists(void **state) {
  (void)state;
  struct pf_map_word *word = pf_map_words(run->map);
  for (uint32_t pfn = 0; pfn < s->nr_frames; pfn++) {
    uint32_t now = word[pfn].word & PF_WORD_STATE;
    uint32_t other = now == PF_STATE_BUDDY ? PF_STATE_ALLOCATED : PF_STATE_BUDDY;
    EXPECT_OBJECTION(word[pfn].word, (word[pfn].word & ~PF_WORD_STATE) | other, PF_FINDING_MAP);
    EXPECT_OBJECTION(word[pfn].word, word[pfn].word ^ PF_WORD_LISTED, PF_FINDING_MAP);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_check_sound_state),    cmocka_unit_test(test_check_every_link_of_every_list),
      cmocka_unit_test(test_check_every_pair_bit), cmocka_unit_test(test_check_counts_and_flags_of_free_frames),
      cmocka_unit_test(test_check_zone_counters),  cmocka_unit_test(test_check_block_listed_twice_and_misplaced),
      cmocka_unit_test(test_check_boot_node),      cmocka_unit_test(test_check_frames_against_lists),
  };
  return cmocka_run_group_tests_name("check", tests, set_up, tear_down);
}
