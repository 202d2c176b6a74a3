import { describe, expect, test } from 'vitest';
import {
  afterEvent,
  clampPlace,
  samePlace,
  stepBack,
  stepInto,
  stepOut,
  stepOver,
  turned,
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
    const place = { entry: 1, inner: 2, other: 4 };
    expect(turned(place)).toEqual({ entry: 1, inner: 4, other: 2 });
    expect(turned(turned(place))).toEqual(place);
    expect(turned({ entry: 3, inner: 0 })).toEqual({ entry: 3, inner: 0, other: 0 });
    expect(stepInto(place, 9, 5)).toEqual({ entry: 1, inner: 3, other: 4 });
    expect(stepInto(place, 3, 5)).toEqual({ entry: 2, inner: 0 });
    expect(stepOut(place)).toEqual({ entry: 1, inner: 1, other: 4 });
    expect(stepOut({ entry: 1, inner: 1, other: 4 })).toEqual({ entry: 1, inner: 0 });
    expect(stepBack(place)).toEqual({ entry: 1, inner: 0 });
    expect(clampPlace(place, 5)).toEqual(place);
    expect(clampPlace(place, 1)).toEqual({ entry: 1, inner: 0, other: 0 });
    expect(samePlace(place, { ...place, other: 3 })).toBe(false);
    expect(samePlace({ entry: 1, inner: 0 }, { entry: 1, inner: 0, other: 0 })).toBe(true);
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
