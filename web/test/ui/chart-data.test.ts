import { expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import type { FreeMemory, View } from '../../src/protocol.ts';
import { layersOf, numbersAt } from '../../src/ui/chart-data.ts';

const column = (...values: number[]): Int32Array => Int32Array.from(values);
/** Three places: nothing yet, four blocks, only single pages left. */
const MEMORY: FreeMemory = {
  zone: null,
  zones: [0],
  places: Uint32Array.of(0, 1, 2),
  stride: 1,
  blocks: [column(0, 1, 3), column(0, 2, 0), column(0, 1, 0)],
  onCpus: column(0, 0, 2),
  freePages: column(0, 9, 3),
};

test('areas lie on top of each other, from all free pages to those in the largest blocks', () => {
  const { areas, withCpus, counted } = layersOf(MEMORY, 1);
  expect(areas.map((area) => [...area])).toEqual([
    [0, 9, 3],
    [0, 8, 0],
    [0, 4, 0],
  ]);
  expect([...(withCpus ?? [])]).toEqual([0, 9, 5]);
  expect([...counted]).toEqual([0, 9, 3]);
});

test('the edges hold all that is drawn; of a trace the lower one is where its counter was least', () => {
  expect(layersOf(MEMORY, 1)).toMatchObject({ edges: [0, 9], mostOnCpus: 2 });
  expect(layersOf({ ...MEMORY, onCpus: column(0, 1, 20) }, 1)).toMatchObject({ edges: [0, 23], mostOnCpus: 20 });
  const trace = { ...MEMORY, blocks: [], freePages: column(7, 9, 8) };
  expect(layersOf(trace, 0)).toMatchObject({ edges: [7, 10], mostOnCpus: 2 });
  expect(layersOf({ ...trace, onCpus: column(0, 0, 0), freePages: column(9, 9, 9) }, 0).edges).toEqual([8, 9]);
});

test('indices are lines with gaps: where nothing is free, and where a request would not fail', () => {
  const { unusable, external } = layersOf(MEMORY, 1);
  expect(unusable).toEqual([null, 1 / 9, 1]);
  expect(external[0]).toBeNull();
  expect(external[1]).toBeNull();
  expect(external[2]).toBeCloseTo(1 - (1 + 3 / 2) / 3, 12);
});

test('a block that misuse took from a list twice does not dig a hole', () => {
  const broken = { ...MEMORY, blocks: [column(0, -1, 3), column(0, 2, 0), column(0, 1, 0)] };
  expect([...(layersOf(broken, 0).areas[0] ?? [])]).toEqual([0, 8, 3]);
});

test('of a trace there is one area, and no index', () => {
  const { areas, withCpus, unusable } = layersOf({ ...MEMORY, blocks: [] }, 0);
  expect(areas.map((area) => [...area])).toEqual([[0, 9, 3]]);
  expect([...(withCpus ?? [])]).toEqual([0, 9, 5]);
  expect(unusable).toEqual([null, null, null]);
});

test('the numbers of the present place, of a zone or of all', () => {
  const zone = (slot: number, free_pages: number, lengths: number[], onCpu: number) => ({
    zone: slot,
    size: 64,
    free_pages,
    lists: lengths.map((length, order) => ({ order, length })),
    nr_free: lengths,
    pcp: [{ lists: [{ order: 0, length: onCpu }] }],
  });
  const counts = STATES.map((state) => (state === 'buddy' ? 7 : state === 'pcp' ? 2 : 0));
  const zones = [zone(0, 5, [1, 2], 0), zone(1, 6, [0, 3], 4), { ...zone(2, 9, [9, 9], 9), size: 0 }];
  const view = { zones, counts } as unknown as View;
  expect(numbersAt(view, null, false)).toEqual({ free: 11, onCpus: 4, blocks: [1, 5] });
  expect(numbersAt(view, 1, false)).toEqual({ free: 6, onCpus: 4, blocks: [0, 3] });
  expect(numbersAt({ ...view, zones: [] }, null, false)).toBeNull();
  expect(numbersAt(view, null, true)).toEqual({ free: 7, onCpus: 2, blocks: [] });
});
