import { describe, expect, test } from 'vitest';
import { externalFragmentation, freePages, unusableFreeSpace } from '../../src/core/fragmentation.ts';

/** Three single pages, a block of two and a block of eight: 13 pages in 5 blocks. */
const FREE = [3, 1, 0, 1];

test('pages in blocks of an order and above', () => {
  expect([0, 1, 2, 3, 4].map((from) => freePages(FREE, from))).toEqual([13, 10, 8, 8, 0]);
});

describe('by hand', () => {
  test('unusable: the share of free pages in blocks that are too small', () => {
    expect(unusableFreeSpace(FREE, 0)).toBe(0);
    expect(unusableFreeSpace(FREE, 1)).toBeCloseTo(3 / 13, 12);
    expect(unusableFreeSpace(FREE, 2)).toBeCloseTo(5 / 13, 12);
    expect(unusableFreeSpace(FREE, 3)).toBeCloseTo(5 / 13, 12);
    expect(unusableFreeSpace(FREE, 4)).toBe(1);
  });

  test('external: nothing fails while a block is large enough', () => {
    expect([0, 1, 2, 3].map((order) => externalFragmentation(FREE, order))).toEqual([-1, -1, -1, -1]);
  });

  test('external: 13 pages would be most of a block of 16, in 5 pieces', () => {
    expect(externalFragmentation(FREE, 4)).toBeCloseTo(1 - (1 + 13 / 16) / 5, 12);
  });

  test('external: the more of the memory that is missing there is in pieces, the nearer to 1', () => {
    expect(externalFragmentation([1000, 0, 0, 0], 3)).toBeCloseTo(1 - 126 / 1000, 12);
    expect(externalFragmentation([1, 0, 0, 0], 3)).toBe(0);
  });

  test('nothing is free', () => {
    expect(unusableFreeSpace([0, 0, 0], 0)).toBe(1);
    expect(externalFragmentation([0, 0, 0], 0)).toBe(0);
  });
});

/* What genuine kernels showed: /proc/buddyinfo and, beside it, both indices of every order. */
const RECORDED = {
  // A. Arcangeli's workstation, linux-mm, 10 April 2010, before and after memory was compacted
  DMA: {
    free: [4, 2, 3, 2, 2, 0, 1, 0, 1, 1, 3],
    unusable: [0, 0.001, 0.002, 0.005, 0.009, 0.017, 0.017, 0.033, 0.033, 0.097, 0.226],
    external: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  },
  DMA32: {
    free: [1632, 1444, 1336, 1065, 748, 449, 229, 128, 59, 50, 685],
    unusable: [0, 0.001, 0.005, 0.012, 0.022, 0.037, 0.054, 0.072, 0.092, 0.111, 0.142],
    external: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  },
  Normal: {
    free: [196, 155, 40, 21, 16, 7, 4, 1, 0, 2, 0],
    unusable: [0, 0.072, 0.185, 0.244, 0.306, 0.4, 0.482, 0.576, 0.623, 0.623, 1],
    external: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0.992],
  },
  'Normal, compacted': {
    free: [1046, 783, 552, 367, 261, 176, 116, 82, 50, 43, 15],
    unusable: [0, 0.012, 0.03, 0.056, 0.09, 0.139, 0.205, 0.291, 0.414, 0.563, 0.82],
    external: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  },
  // a large machine, from notes on vm.extfrag_threshold
  'Normal of 1 TiB': {
    free: [1134904, 1124019, 975094, 1027980, 973525, 755862, 528091, 316182, 123744, 0, 0],
    unusable: [0, 0.007, 0.02, 0.045, 0.096, 0.192, 0.342, 0.552, 0.803, 1, 1],
    external: [-1, -1, -1, -1, -1, -1, -1, -1, -1, 0.955, 0.978],
  },
};

/** The kernel counts in thousandths, and rounds each division down. */
const THOUSANDTH = 0.001 + 1e-9;

for (const [zone, { free, unusable, external }] of Object.entries(RECORDED))
  test(`as a genuine kernel had it: zone ${zone}`, () => {
    for (const [order, value] of unusable.entries()) {
      const distance = Math.abs(unusableFreeSpace(free, order) - value);
      expect(distance, `unusable, order ${order}`).toBeLessThanOrEqual(THOUSANDTH);
    }
    for (const [order, value] of external.entries()) {
      const distance = Math.abs(externalFragmentation(free, order) - value);
      expect(distance, `external, order ${order}`).toBeLessThanOrEqual(THOUSANDTH);
    }
  });
