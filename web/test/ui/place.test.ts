import { describe, expect, test } from 'vitest';
import type { SideNumber } from '../../src/protocol.ts';
import {
  afterEvent,
  clampPlace,
  innerOf,
  moved,
  samePlace,
  stepBack,
  stepInto,
  stepOut,
  stepOver,
  turned,
  withInner,
} from '../../src/ui/place.ts';

describe('moves in time', () => {
  test('a step goes to the end of the operation, from a boundary or from inside', () => {
    expect(stepOver({ entry: 2, inner: 0 }, 5)).toEqual({ entry: 3, inner: 0 });
    expect(stepOver({ entry: 2, inner: 4 }, 5)).toEqual({ entry: 3, inner: 0 });
    expect(stepOver({ entry: 5, inner: 0 }, 5)).toEqual({ entry: 5, inner: 0 });
  });

  test('back leaves the operation first, then goes to the one before', () => {
    expect(stepBack({ entry: 2, inner: 4 })).toEqual({ entry: 2, inner: 0 });
    expect(stepBack({ entry: 2, inner: 0 })).toEqual({ entry: 1, inner: 0 });
    expect(stepBack({ entry: 0, inner: 0 })).toEqual({ entry: 0, inner: 0 });
  });

  test('into goes event by event, and the last one ends the operation', () => {
    expect(stepInto({ entry: 1, inner: 0 }, 3, 5)).toEqual({ entry: 1, inner: 1 });
    expect(stepInto({ entry: 1, inner: 2 }, 3, 5)).toEqual({ entry: 2, inner: 0 });
    expect(stepInto({ entry: 5, inner: 0 }, 0, 5)).toEqual({ entry: 5, inner: 0 });
  });

  test('out is one inner step back', () => {
    expect(stepOut({ entry: 1, inner: 2 })).toEqual({ entry: 1, inner: 1 });
    expect(stepOut({ entry: 1, inner: 0 })).toEqual({ entry: 0, inner: 0 });
  });

  test('two sides share the entries, and each has inner steps of its own', () => {
    const place = { entry: 1, inner: 2, others: [4] };
    expect(turned(place, 1)).toEqual({ entry: 1, inner: 4, others: [2] });
    expect(turned(place, 0)).toEqual(place);
    expect(turned(turned(place, 1), 1)).toEqual(place);
    expect(samePlace(turned({ entry: 3, inner: 0 }, 2), { entry: 3, inner: 0 })).toBe(true);
    expect(stepInto(place, 9, 5)).toEqual({ entry: 1, inner: 3, others: [4] });
    expect(stepInto(place, 3, 5)).toEqual({ entry: 2, inner: 0 });
    expect(stepOut(place)).toEqual({ entry: 1, inner: 1, others: [4] });
    expect(stepOut({ entry: 1, inner: 1, others: [4] })).toEqual({ entry: 1, inner: 0 });
    expect(stepBack(place)).toEqual({ entry: 1, inner: 0 });
    expect(clampPlace(place, 5)).toEqual(place);
    expect(clampPlace(place, 1)).toEqual({ entry: 1, inner: 0 });
    expect(samePlace(place, { ...place, others: [3] })).toBe(false);
    expect(samePlace({ entry: 1, inner: 0 }, { entry: 1, inner: 0, others: [0] })).toBe(true);
  });

  test('of three sides each keeps its own steps while another moves', () => {
    const place = { entry: 1, inner: 2, others: [4, 6] };
    expect(turned(place, 2)).toEqual({ entry: 1, inner: 6, others: [4, 2] });
    expect([0, 1, 2].map((side) => innerOf(place, side as SideNumber))).toEqual([2, 4, 6]);
    expect(withInner(place, 1, 9)).toEqual({ entry: 1, inner: 2, others: [9, 6] });
    expect(withInner({ entry: 1, inner: 2 }, 2, 9)).toEqual({ entry: 1, inner: 2, others: [0, 9] });
    expect(moved({ entry: 1, inner: 0, others: [5, 0] })).toEqual([5]);
    expect(samePlace({ entry: 1, inner: 2, others: [4] }, { entry: 1, inner: 2, others: [4, 0] })).toBe(true);
  });

  test('the place after an event', () => {
    expect(afterEvent(4, 0, 3)).toEqual({ entry: 4, inner: 1 });
    expect(afterEvent(4, 2, 3)).toEqual({ entry: 5, inner: 0 });
  });

  test('a place outside comes back inside', () => {
    expect(clampPlace({ entry: 9, inner: 3 }, 5)).toEqual({ entry: 5, inner: 0 });
    expect(clampPlace({ entry: -1, inner: 3 }, 5)).toEqual({ entry: 0, inner: 0 });
    expect(clampPlace({ entry: Number.NaN, inner: Number.NaN }, 5)).toEqual({ entry: 0, inner: 0 });
    expect(clampPlace({ entry: 2, inner: 3 }, 5)).toEqual({ entry: 2, inner: 3 });
  });
});
