import { expect, test } from 'vitest';
import { Samples } from '../../src/core/samples.ts';

/** Places 0 .. n-1, each with its own number and ten times that. */
function filled(n: number, capacity: number): Samples {
  const samples = new Samples(2, capacity);
  for (let place = 0; place < n; place++) samples.push(Int32Array.of(place, 10 * place));
  return samples;
}

test('while there is room, every place is kept', () => {
  const samples = filled(7, 8);
  expect(samples.stride).toBe(1);
  expect([...samples.kept()]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([...samples.column(1)]).toEqual([0, 10, 20, 30, 40, 50, 60]);
});

test('where it is full, every second place goes, and the latest stays', () => {
  const samples = filled(10, 8);
  expect(samples.stride).toBe(2);
  expect([...samples.kept()]).toEqual([0, 2, 4, 6, 8, 9]);
  expect([...samples.column(0)]).toEqual([0, 2, 4, 6, 8, 9]);
});

test('nothing at all', () => {
  expect([...filled(0, 8).kept()]).toEqual([]);
});

test.each([2, 3, 8, 100])('of any length, with room for %i: evenly, from the first place to the last', (capacity) => {
  for (const n of [1, 2, 3, 17, 64, 1000]) {
    const samples = filled(n, capacity);
    const kept = [...samples.kept()];
    expect(kept.length).toBeLessThanOrEqual(capacity + 1);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(n - 1);
    expect(kept.slice(0, -1).every((place, row) => place === row * samples.stride)).toBe(true);
    expect([...samples.column(0)]).toEqual(kept);
    expect([...samples.column(1)]).toEqual(kept.map((place) => 10 * place));
  }
});

test('a million places take the memory of a few', () => {
  const samples = filled(1_000_000, 2048);
  const kept = samples.kept();
  expect(kept.length).toBeGreaterThan(900);
  expect(kept.length).toBeLessThanOrEqual(2049);
});
