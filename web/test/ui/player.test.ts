import { expect, test } from 'vitest';
import { advance, PAUSED, pause, play, wait, withSpeed } from '../../src/ui/player.ts';

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
