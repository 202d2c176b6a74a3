/* The checker of the checker: every list, bitmap, count and zone of every kernel is broken on purpose, one at a time,
 * and it must object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "map.h"
#include "random_run.h"

static uint32_t kernel;
static struct rr *run;
static struct pf_structs *s; /* of the map: its two layers are held against each other */
static uint8_t *scratch;

/* Two nodes and two CPUs, in the middle of a random run. */
static int set_up(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .numa = 1, .nr_cpus = 2, .nr_nodes = 2};
  machine.node[0] = (struct pf_node_desc){.pages = 900};
  machine.node[1] = (struct pf_node_desc){.start_pfn = 1000, .pages = 700};
  run = rr_on(&machine, 7);
  rr_boot(run);
  for (uint32_t i = 0; i < 600; i++)
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

static uint32_t state_of(uint32_t pfn) { return pf_map_words(run->map)[pfn].word & PF_WORD_STATE; }

static uint32_t first_of(uint32_t zone, uint32_t list) {
  uint32_t first = pf_frames(s)[pf_head(s, zone, list)].next;
  return first < s->nr_frames ? first : PF_NULL;
}

/* Puts the map back as it was. */
static uint8_t *keep(void) { return rr_copy(run->map, pf_map_bytes(run->map)); }
static void expect_objection_and_restore(const uint8_t *kept, uint32_t kind) {
  assert_int_equal(check(), kind);
  memcpy(run->map, kept, (size_t)pf_map_bytes(run->map));
}

static void test_check_sound_state(void **state) {
  (void)state;
  assert_int_equal(check(), PF_FINDING_NONE);
}

static void test_check_every_link_of_every_list(void **state) {
  (void)state;
  uint32_t links = 0, of_cpus = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = 0; list < s->nr_lists && s->zone[zone].size; list++) {
      uint32_t head = pf_head(s, zone, list), at = head;
      do {
        uint32_t next = pf_frames(s)[at].next;
        EXPECT_OBJECTION(pf_frames(s)[at].next, PF_NULL, PF_FINDING_RING);
        EXPECT_OBJECTION(pf_frames(s)[at].prev, PF_NULL, PF_FINDING_RING);
        EXPECT_OBJECTION(pf_frames(s)[at].next, PF_POISON, PF_FINDING_RING);
        EXPECT_OBJECTION(pf_frames(s)[at].next, pf_head(s, zone, (list + 1) % s->nr_lists), PF_FINDING_RING);
        links++;
        of_cpus += list >= s->nr_free_lists && at != head;
        at = next;
      } while (at != head);
    }
  assert_true(links > 30);
  assert_true((of_cpus > 10) == (run->kernel->nr_pcps != 0));
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
  assert_true((bits > 1000) == (s->nr_pair_orders > 0));
}

static void test_check_counts_and_flags_of_free_frames(void **state) {
  (void)state;
  uint32_t frames = 0, of_cpus = 0;
  for (uint32_t pfn = 0; pfn < pf_map_frames(run->map); pfn++) {
    if (state_of(pfn) != PF_STATE_BUDDY && state_of(pfn) != PF_STATE_PCP)
      continue;
    EXPECT_OBJECTION(pf_frames(s)[pfn].count, 1, PF_FINDING_COUNT);
    EXPECT_OBJECTION(pf_frames(s)[pfn].flags, pf_frames(s)[pfn].flags | PF_FRAME_RESERVED, PF_FINDING_COUNT);
    frames++;
    of_cpus += state_of(pfn) == PF_STATE_PCP;
  }
  assert_true(frames > 100);
  assert_true((of_cpus > 10) == (run->kernel->nr_pcps != 0));
}

static void test_check_counters(void **state) {
  (void)state;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++) {
    if (s->zone[zone].size == 0)
      continue;
    EXPECT_OBJECTION(s->zone[zone].free_pages, s->zone[zone].free_pages + 1, PF_FINDING_FREE_PAGES);
    for (uint32_t i = 0; i < s->nr_pcps * s->nr_cpus; i++) {
      struct pf_pcp *pcp = &pf_pcp(s, zone, 0)[i];
      EXPECT_OBJECTION(pcp->count, pcp->count + 1, PF_FINDING_PCP);
      EXPECT_OBJECTION(pcp->count, pcp->count - 1, PF_FINDING_PCP);
    }
  }
}

/* A block put on a second list, and on a list whose order does not suit its place. */
static void test_check_block_listed_twice_and_misplaced(void **state) {
  (void)state;
  uint8_t *kept = keep();
  uint32_t lists = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = s->nr_types; list < s->nr_free_lists && s->zone[zone].size; list++) {
      uint32_t block = first_of(zone, list);
      if (block == PF_NULL)
        continue;
      /* Its second frame, again, as a block of order 0: it has no free mark, where the kernel knows such. */
      pf_ring_add(pf_frames(s), s->nr_links, block + 1, pf_head(s, zone, 0));
      expect_objection_and_restore(kept, s->nr_types > 1 ? PF_FINDING_FREE_MARK : PF_FINDING_TWICE);
      pf_ring_del(pf_frames(s), s->nr_links, block, s->unlinked);
      pf_ring_add(pf_frames(s), s->nr_links, block + 1, pf_head(s, zone, list));
      expect_objection_and_restore(kept, PF_FINDING_PLACE);
      lists++;
    }
  free(kept);
  assert_true(lists > 3);
}

/* First frame of the zone's largest free block, and its order. */
static uint32_t largest_block(uint32_t zone, uint32_t *order) {
  for (uint32_t list = s->nr_free_lists; list-- > s->nr_types;)
    if (first_of(zone, list) != PF_NULL) {
      *order = pf_list_order(s, list);
      return first_of(zone, list);
    }
  *order = 0;
  return PF_NULL;
}

/* The counter that a CPU's list belongs to. */
static uint32_t *counter_of(uint32_t zone, uint32_t list) {
  uint32_t number = list - s->nr_free_lists, each = s->nr_pcp_lists / s->nr_pcps;
  return &pf_pcp(s, zone, 0)[number / each].count;
}

/* A CPU's list that has a frame of a free block as well, that lost one, and whose frame another zone's list has. */
static void test_check_frames_of_per_cpu_lists(void **state) {
  (void)state;
  uint8_t *kept = keep();
  uint32_t lists = 0;
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = s->nr_free_lists; list < s->nr_lists; list++) {
      uint32_t order = pf_list_order(s, list), most, frame = first_of(zone, list), block = largest_block(zone, &most);
      uint32_t other = zone ? 0 : s->nr_zone_types;
      if (frame == PF_NULL || block == PF_NULL || most <= order)
        continue;
      pf_ring_add(pf_frames(s), s->nr_links, block + (1u << order), pf_head(s, zone, list));
      expect_objection_and_restore(kept, PF_FINDING_TWICE);
      pf_ring_del(pf_frames(s), s->nr_links, frame, s->unlinked);
      expect_objection_and_restore(kept, PF_FINDING_PCP);
      pf_ring_del(pf_frames(s), s->nr_links, frame, s->unlinked);
      *counter_of(zone, list) -= 1u << order;
      expect_objection_and_restore(kept, PF_FINDING_MAP);
      pf_ring_del(pf_frames(s), s->nr_links, frame, s->unlinked);
      pf_ring_add(pf_frames(s), s->nr_links, frame, pf_head(s, other, list));
      *counter_of(zone, list) -= 1u << order;
      assert_true(s->zone[other].size);
      expect_objection_and_restore(kept, PF_FINDING_PLACE);
      lists++;
    }
  free(kept);
  assert_true((lists > 3) == (run->kernel->nr_pcps != 0));
}

/* Marks, counters and types of kernels that have such: each of them wrong, and a mark where no block is. */
static void test_check_free_marks_and_types(void **state) {
  (void)state;
  uint32_t heads = 0;
  for (uint32_t pfn = 0; s->nr_types > 1 && pfn < s->nr_frames; pfn++) {
    uint32_t *flags = &pf_frames(s)[pfn].flags;
    if (pf_map_words(run->map)[pfn].word & PF_WORD_LISTED) {
      EXPECT_OBJECTION(*flags, *flags ^ PF_FRAME_FREE, PF_FINDING_FREE_MARK);
      if (*flags & PF_FRAME_FREE)
        EXPECT_OBJECTION(*flags, *flags ^ 1u << PF_FRAME_FREE_ORDER_SHIFT, PF_FINDING_FREE_MARK);
      else
        EXPECT_OBJECTION(*flags, *flags | PF_FRAME_TYPE, PF_FINDING_TYPE);
      heads++;
    } else {
      EXPECT_OBJECTION(*flags, *flags | PF_FRAME_FREE, PF_FINDING_FREE_MARK);
    }
  }
  for (uint32_t zone = 0; s->nr_types > 1 && zone < s->nr_zones; zone++)
    for (uint32_t order = 0; order < s->nr_orders && s->zone[zone].size; order++)
      EXPECT_OBJECTION(s->zone[zone].nr_free[order], s->zone[zone].nr_free[order] + 1, PF_FINDING_NR_FREE);
  assert_true((heads > 10) == (s->nr_types > 1));
}

/* A descriptor past the end of memory is on no list. */
static void test_check_spare_descriptors(void **state) {
  (void)state;
  uint8_t *kept = keep();
  for (uint32_t pfn = pf_map_frames(run->map); pfn < s->nr_frames; pfn++)
    for (uint32_t list = 0; list < s->nr_lists; list += s->nr_free_lists) {
      pf_ring_add(pf_frames(s), s->nr_links, pfn, pf_head(s, 0, list));
      expect_objection_and_restore(kept, PF_FINDING_PLACE);
    }
  free(kept);
  assert_int_equal(s->nr_frames - pf_map_frames(run->map), run->kernel->nr_spare_frames * run->machine.nr_nodes);
}

static void test_check_boot_node(void **state) {
  (void)state;
  for (uint32_t node = 0; node < s->nr_nodes; node++) {
    EXPECT_OBJECTION(s->boot[node].last_offset, PF_PAGE_SIZE, PF_FINDING_BOOT);
    EXPECT_OBJECTION(s->boot[node].last_pos, s->boot[node].end_pfn, PF_FINDING_BOOT);
    EXPECT_OBJECTION(s->boot[node].end_pfn, s->nr_frames + 1, PF_FINDING_BOOT);
  }
}

static bool is_free(uint32_t state) { return state == PF_STATE_BUDDY || state == PF_STATE_PCP; }

/* Every frame of a block, the first and the others: free where it is not, not free where it is, free in another way. */
static void test_check_frames_against_lists(void **state) {
  (void)state;
  struct pf_map_word *word = pf_map_words(run->map);
  for (uint32_t pfn = 0; pfn < pf_map_frames(run->map); pfn++) {
    for (uint32_t other = 0; other < PF_NR_STATES; other++)
      if (is_free(state_of(pfn)) || is_free(other))
        EXPECT_OBJECTION(word[pfn].word, (word[pfn].word & ~PF_WORD_STATE) | other, PF_FINDING_MAP);
    EXPECT_OBJECTION(word[pfn].word, word[pfn].word ^ PF_WORD_LISTED, PF_FINDING_MAP);
    EXPECT_OBJECTION(word[pfn].word, word[pfn].word ^ PF_MARK_TWO_OWNERS << PF_WORD_MARK_SHIFT, PF_FINDING_MAP);
    if (word[pfn].word & PF_WORD_LISTED)
      EXPECT_OBJECTION(word[pfn].word, word[pfn].word ^ 1u << PF_WORD_LIST_ORDER_SHIFT, PF_FINDING_MAP);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_check_sound_state),
      cmocka_unit_test(test_check_every_link_of_every_list),
      cmocka_unit_test(test_check_every_pair_bit),
      cmocka_unit_test(test_check_counts_and_flags_of_free_frames),
      cmocka_unit_test(test_check_counters),
      cmocka_unit_test(test_check_block_listed_twice_and_misplaced),
      cmocka_unit_test(test_check_frames_of_per_cpu_lists),
      cmocka_unit_test(test_check_free_marks_and_types),
      cmocka_unit_test(test_check_spare_descriptors),
      cmocka_unit_test(test_check_boot_node),
      cmocka_unit_test(test_check_frames_against_lists),
  };
  int failed = 0;
  for (kernel = 1; pf_kernel_info(kernel); kernel++)
    failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests, set_up, tear_down);
  return failed;
}
