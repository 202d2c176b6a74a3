import { expect, test } from 'vitest';
import type { View } from '../../src/protocol.ts';
import { freePlace, placeOn } from '../../src/ui/list-place.ts';

const view = {
  zones: [
    { start_pfn: 0, size: 0, lists: [] },
    {
      start_pfn: 0,
      size: 4096,
      lists: [
        { order: 0, blocks: [7, 3], length: 2, end: 'whole' },
        { order: 1, blocks: [64, 32], length: 90, end: 'whole' },
      ],
    },
    { start_pfn: 4096, size: 64, lists: [{ order: 0, blocks: [4100], length: 1, end: 'whole' }] },
  ],
} as unknown as View;

test('a block is counted from the head, from 1', () => {
  expect(freePlace(view, 7, 0)).toEqual({ place: 1, length: 2 });
  expect(freePlace(view, 3, 0)).toEqual({ place: 2, length: 2 });
  expect(freePlace(view, 4100, 0)).toEqual({ place: 1, length: 1 });
});

test('a list that is not told whole may have it farther back', () => {
  expect(freePlace(view, 32, 1)).toEqual({ place: 2, length: 90 });
  expect(freePlace(view, 128, 1)).toEqual({ place: null, length: 90 });
});

test('a block that is on no list has no place', () => {
  expect(freePlace(view, 9, 0)).toBeNull();
  expect(freePlace(view, 7, 2)).toBeNull();
  expect(freePlace(view, 9999, 0)).toBeNull();
  expect(placeOn({ blocks: [], length: 0 }, 1)).toBeNull();
});
