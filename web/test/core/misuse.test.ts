import { expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import { MisuseWatch } from '../../src/core/misuse.ts';
import type { Trouble } from '../../src/protocol.ts';
import { bytesOf, engineModule, inRepository } from './helpers.ts';

const NONE = 0xffffffff;
const lost = (pfn: number): Trouble => ({ kind: 'lost', zone: NONE, list: 0, pfn, count: 1 });

/** A history in which each of these entries loses the frame of its own number, and looking is counted. */
function history(bad: readonly number[]) {
  const told = { looks: 0 };
  const after = (entries: number): Trouble[] => {
    told.looks++;
    return bad.filter((entry) => entry < entries).map(lost);
  };
  return { told, after };
}

function watched(bad: readonly number[], length: number, frames: number) {
  const { told, after } = history(bad);
  const watch = new MisuseWatch(frames);
  for (let entry = 0; entry < length; entry++) watch.after(entry, () => after(entry + 1));
  return { watch, told, after };
}

test('on a small machine every operation is looked at', () => {
  const { watch, told } = watched([3, 4, 99], 100, 1024);
  expect(watch.entries).toEqual([3, 4, 99]);
  expect(told.looks).toBe(100);
});

test('in a long history of a large machine few are, and the operations are found nevertheless', () => {
  const bad = [0, 1, 70_001, 70_002, 123_456, 199_999];
  const { watch, told, after } = watched(bad, 200_000, 1 << 20);
  expect(told.looks).toBeLessThan(600);
  expect(watch.search(after, 200_000)).toBe(true);
  expect(watch.entries).toEqual(bad);
  expect(told.looks).toBeLessThan(800);
});

test('where nothing is wrong nothing is searched', () => {
  const { watch, after } = watched([], 5000, 1 << 20);
  expect(watch.search(after)).toBe(false);
  expect(watch.entries).toEqual([]);
});

test('so much misuse that nobody reads it all ends the search, and what was found is right', () => {
  const bad = Array.from({ length: 2000 }, (_, i) => 20_000 + 3 * i);
  const { watch, told, after } = watched(bad, 100_000, 1 << 20);
  watch.search(after, 100_000);
  expect(told.looks).toBeLessThan(1600);
  expect(watch.entries.length).toBeGreaterThan(50);
  expect(watch.entries.every((entry) => bad.includes(entry))).toBe(true);
});

test.each(['web/public/examples/misuse.jsonl', 'tests/golden/linux-2.6.10/misuse-two-owners.jsonl.gz'])(
  'the marks of %s are the operations whose view says so',
  async (file) => {
    const source = await openRun(await engineModule(), inRepository(file), bytesOf(file));
    const told = Array.from({ length: source.length }, (_, entry) => entry).filter(
      (entry) => source.at(entry + 1, 0, false).newTroubles.length > 0,
    );
    expect(source.describe().misuse).toEqual(told);
    expect(told.length).toBeGreaterThan(0);
  },
);
