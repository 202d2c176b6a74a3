import { describe, expect, test } from 'vitest';
import {
  advance,
  BY_KEY,
  loopFrom,
  loopTo,
  nextSpeed,
  PAUSED,
  pause,
  play,
  SPEEDS,
  wait,
  withSpeed,
} from '../../src/ui/player.ts';

const at = (entry: number) => ({ entry, inner: 0 });

test('one operation a second', () => {
  const player = play(PAUSED, 1000);
  expect(wait(player, 1000)).toBe(1000);
  expect(advance(player, at(0), 9, 1999, false).place).toEqual(at(0));
  const moved = advance(player, at(0), 9, 2000, false);
  expect(moved.place).toEqual(at(1));
  expect(moved.player.playing).toBe(true);
  expect(wait(moved.player, 2000)).toBe(1000);
});

test('many a second: as many as are due, and a late beat loses none', () => {
  const player = withSpeed(play(PAUSED, 0), 1000, 0);
  expect(wait(player, 0)).toBe(33);
  const moved = advance(player, at(0), 5000, 250, false);
  expect(moved.place).toEqual(at(250));
  expect(advance(moved.player, moved.place, 5000, 300, false).place).toEqual(at(300));
});

test('play from inside an operation ends that operation first', () => {
  expect(advance(play(PAUSED, 0), { entry: 3, inner: 2 }, 9, 1000, false).place).toEqual(at(4));
});

test('it stops at the end, unless more is to come', () => {
  expect(advance(play(PAUSED, 0), at(8), 9, 1000, false).player.playing).toBe(false);
  expect(advance(play(PAUSED, 0), at(8), 9, 1000, true).player.playing).toBe(true);
});

test('a paused player goes nowhere', () => {
  const player = pause(play(PAUSED, 0));
  expect(advance(player, at(2), 9, 99_000, false)).toEqual({ player, place: at(2) });
});

test('slower and faster, as far as it goes', () => {
  expect(nextSpeed(1, 1)).toBe(2);
  expect(nextSpeed(1, -1)).toBe(0.5);
  expect(nextSpeed(1000, 1)).toBe(1000);
  expect(nextSpeed(BY_KEY, -1)).toBe(BY_KEY);
  expect(SPEEDS[0]).toBe(BY_KEY);
});

test('one step a key: nothing plays on by itself', () => {
  expect(withSpeed(play(PAUSED, 0), BY_KEY, 0).playing).toBe(false);
  expect(withSpeed(play(PAUSED, 0), 5, 0).playing).toBe(true);
});

describe('a loop', () => {
  const loop = { from: 3, to: 6 };
  const due = (entry: number, seconds: number, length = 9) =>
    advance(play(PAUSED, 0), at(entry), length, 1000 * seconds, false, loop);

  test('goes round, its end included', () => {
    expect([1, 2, 3, 4, 5, 8].map((seconds) => due(3, seconds).place.entry)).toEqual([4, 5, 6, 3, 4, 3]);
  });

  test('never stops, though it ends at the end of time', () => {
    expect(due(5, 1, 6)).toMatchObject({ place: at(6), player: { playing: true } });
    expect(due(6, 1, 6)).toMatchObject({ place: at(3), player: { playing: true } });
  });

  test('is entered from before, and led back to from behind', () => {
    expect(due(1, 2).place).toEqual(at(3));
    expect(due(8, 1).place).toEqual(at(3));
  });

  test('gets its ends one after the other, in any order', () => {
    expect(loopFrom(null, 4, 9)).toEqual({ from: 4, to: 9 });
    expect(loopTo({ from: 4, to: 9 }, 6)).toEqual({ from: 4, to: 6 });
    expect(loopTo(null, 6)).toEqual({ from: 0, to: 6 });
    expect(loopFrom({ from: 0, to: 6 }, 2, 9)).toEqual({ from: 2, to: 6 });
  });

  test('is never empty or turned round', () => {
    expect(loopFrom({ from: 2, to: 6 }, 7, 9)).toEqual({ from: 7, to: 9 });
    expect(loopTo({ from: 4, to: 6 }, 3)).toEqual({ from: 0, to: 3 });
    expect(loopTo({ from: 4, to: 6 }, 4)).toEqual({ from: 0, to: 4 });
    expect(loopFrom({ from: 4, to: 6 }, 9, 9)).toEqual({ from: 4, to: 6 });
    expect(loopTo(null, 0)).toBeNull();
  });
});
