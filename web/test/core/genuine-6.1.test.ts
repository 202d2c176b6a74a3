/** What the page is told of linux-6.1's lists by type, counters, marks and pageblocks, held against what the genuine kernel had. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import type { Ev, ListView, PageblockRun, PcpView, View, ZoneView } from '../../src/protocol.ts';
import { bytesOf, engineModule } from './helpers.ts';

type List = (number | string | null)[];
type Runs = [first: number, count: number, type: number][];
interface Pcp {
  cpu: number;
  count: number;
  high: number;
  batch: number;
  free_factor: number;
  vm_stat_diff: number;
  stat_threshold: number;
  lists: List[];
  other?: [pfn: number, type: number][];
}
interface Zone {
  node: number;
  zone: string;
  managed?: number;
  free_pages: number;
  min?: number;
  low?: number;
  high?: number;
  boost?: number;
  boosted?: boolean;
  nr_reserved_highatomic?: number;
  lowmem_reserve?: number[];
  nr_free: number[];
  free_area: List[][];
  pcp?: Pcp[];
  pageblocks?: Runs;
  lru?: [first: number, frames: number][];
}
interface Line {
  op: string;
  by?: string;
  zones?: Zone[];
}

const SHOWN = 64;
const SHOWN_PCP = 128;
const NO_MEMORY = 255;

const file = (name: string): string => `tests/golden/linux-6.1/${name}.jsonl.gz`;
const linesOf = (name: string): Line[] =>
  gunzipSync(bytesOf(file(name)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const open = async (name: string) => openRun(await engineModule(), file(name), bytesOf(file(name)));

/** A list as a recording has it: what a broken one ran into stands last. */
function expectList(shown: ListView | undefined, recorded: List, most: number): void {
  const blocks = recorded.filter((pfn) => typeof pfn === 'number');
  const isWhole = blocks.length === recorded.length;
  // One that runs in a circle is recorded once round.
  expect(isWhole ? shown?.blocks : shown?.blocks.slice(0, blocks.length)).toEqual(blocks.slice(0, most));
  if (isWhole) expect(shown).toMatchObject({ length: blocks.length, end: 'whole' });
  else expect(shown?.end).not.toBe('whole');
}

function expectPcp(shown: PcpView | undefined, { lists, other: _, ...counter }: Pcp): void {
  expect(shown).toMatchObject(counter);
  expect(shown?.lists).toHaveLength(lists.length);
  for (const [index, list] of lists.entries()) {
    expect(shown?.lists[index]?.index).toBe(index);
    expectList(shown?.lists[index], list, SHOWN_PCP);
  }
}

/** The type of every pageblock of the zone, by its first frame. */
function typesOf(runs: Runs, order: number): Map<number, number> {
  const types = runs.flatMap(([first, count, type]) =>
    Array.from({ length: count }, (_, i): [number, number] => [first + i * 2 ** order, type]),
  );
  return new Map(types.filter(([, type]) => type !== NO_MEMORY));
}

function expectPageblocks(shown: readonly PageblockRun[], recorded: Runs): void {
  const known = typesOf(
    shown.map(({ pfn, blocks, type }) => [pfn, blocks, type]),
    9,
  );
  for (const [pfn, type] of typesOf(recorded, 9)) expect(known.get(pfn), `the pageblock of ${pfn}`).toBe(type);
}

function expectZone(view: View, recorded: Zone): void {
  const shown = view.zones.find((one) => one.node === recorded.node && one.name === recorded.zone);
  expect(shown?.free_pages).toBe(recorded.free_pages);
  expect(shown?.nr_free).toEqual(recorded.nr_free);
  for (const [order, types] of recorded.free_area.entries())
    for (const [type, list] of types.entries()) {
      const own = shown?.lists.filter((one) => one.order === order && one.type === type) ?? [];
      expect(own).toHaveLength(1);
      expectList(own[0], list, SHOWN);
    }
  expectMarks(shown, recorded);
  for (const pcp of recorded.pcp ?? [])
    expectPcp(
      shown?.pcp.find(({ cpu }) => cpu === pcp.cpu),
      pcp,
    );
  if (recorded.pageblocks) expectPageblocks(view.pageblocks, recorded.pageblocks);
}

function expectMarks(shown: ZoneView | undefined, recorded: Zone): void {
  const { min, low, high, boost, nr_reserved_highatomic, managed, lowmem_reserve } = recorded;
  if (managed !== undefined) expect(shown?.managed).toBe(managed);
  if (min === undefined) return;
  expect(shown).toMatchObject({ pages_min: min, pages_low: low, pages_high: high, boost, nr_reserved_highatomic });
  expect(shown?.boosted).toBe(recorded.boosted === true);
  if (lowmem_reserve) expect(shown?.protection).toEqual(lowmem_reserve.slice(0, 3));
}

describe('at every check', () => {
  test.each([
    'handover-two-nodes',
    'fallback-claim',
    'highatomic-basic',
    'boost-basic',
    'pcp-tuning',
    'pcp-thp',
    'numa-two',
    'smp-random',
    'misuse-twice-big',
    'misuse-random-1',
    'live-mixed',
  ])('%s', async (name) => {
    const source = await open(name);
    let entry = 0;
    let checks = 0;
    for (const recorded of linesOf(name).slice(1)) {
      const tells = recorded.op === 'check' && recorded.zones?.some(({ lru }) => lru !== undefined);
      if (recorded.op !== 'check' && recorded.op !== 'state') entry++;
      if (tells) entry++;
      if (recorded.op !== 'check' && recorded.op !== 'state') continue;
      checks++;
      const view = source.at(entry, 0, false);
      for (const zone of recorded.zones ?? []) expectZone(view, zone);
    }
    expect(entry).toBe(source.length);
    expect(checks).toBeGreaterThan(0);
  });
});

test('the settings are those that the kernel has, as the header and the calls set them', async () => {
  const source = await open('pcp-tuning');
  expect(source.at(0, 0, false).sysctls).toEqual({
    min_free_kbytes: 1855,
    watermark_boost_factor: 15000,
    watermark_scale_factor: 10,
    percpu_pagelist_high_fraction: 0,
  });
  const calls = linesOf('pcp-tuning').filter(({ op }) => op !== 'check' && op !== 'state');
  const at = calls.findIndex(({ op }) => op === 'set_percpu_pagelist_high_fraction');
  const set = calls[at] as unknown as { value: number };
  expect(set.value).toBeGreaterThan(0);
  expect(source.at(at, 0, false).sysctls?.percpu_pagelist_high_fraction).toBe(set.value);
});

test('a frame tells what the kernel keeps of it', async () => {
  const source = await open('misuse-reserved');
  const view = source.at(0, 0, false);
  const zone = view.zones.find(({ lists }) => lists.some(({ order, length }) => order === 3 && length > 0));
  const list = zone?.lists.find(({ order, length }) => order === 3 && length > 0);
  expect(source.frame(list?.blocks[0] ?? -1)).toMatchObject({
    freeOrder: 3,
    compoundOrder: null,
    count: 0,
    lru: false,
  });
  const state = linesOf('misuse-reserved').find(({ op }) => op === 'state') as unknown as {
    zones: { held: [number, number, number][]; lru: [number, number][]; pcp: Pcp[]; pageblocks: Runs }[];
  };
  for (const { held, lru, pcp, pageblocks } of state.zones) {
    for (const [first, , bits] of held.slice(0, 20)) {
      const { flag, mapped, mapping, charged } = source.frame(first)?.held ?? {};
      expect([flag, mapped, mapping, charged]).toEqual([1, 2, 4, 8].map((bit) => (bits & bit) !== 0));
    }
    for (const [first] of lru.slice(0, 20)) expect(source.frame(first)?.lru).toBe(true);
    for (const { lists, other = [] } of pcp) {
      for (const [index, [pfn]] of lists.slice(0, 12).entries()) {
        const own = other.find(([one]) => one === pfn)?.[1] ?? index % 3;
        if (typeof pfn === 'number') expect(source.frame(pfn)?.remembered).toBe(own);
      }
    }
    for (const [first, , type] of pageblocks.filter(([first, , type]) => first > 0 && type !== NO_MEMORY))
      expect(source.frame(first)?.pageblock).toBe(type);
  }
});

test('operations are numbered as they are shown, whatever the checks between them tell', async () => {
  const source = await open('live-mixed');
  const lines = linesOf('live-mixed')
    .slice(1)
    .filter(({ op }) => op !== 'state');
  const isEntry = ({ op, zones }: Line): boolean => op !== 'check' || zones?.some(({ lru }) => lru) === true;
  const entries = lines.filter(isEntry);
  const last = entries.findLastIndex(
    ({ op, ...rest }) => op === 'alloc_pages' && typeof (rest as { ret?: unknown }).ret === 'number',
  );
  expect(entries.slice(0, last).some(({ op }) => op === 'check')).toBe(true);
  source.at(last + 1, 0, false);
  expect(source.frame((entries[last] as unknown as { ret: number }).ret)?.owner).toBe(last + 1);
});

describe('a pageblock is mixed', () => {
  const mixed = (view: View, pfn: number): PageblockRun | undefined =>
    view.pageblocks.find((run) => pfn >= run.pfn && pfn < run.pfn + run.blocks * 512);

  test("where a request that may not steal took a piece of another type's, and the block was not before", async () => {
    const source = await open('fallback-smallest');
    const tooSmall = 2;
    const stealing = (event: Ev): boolean => event.kind === 'block_stolen' && event.why === tooSmall;
    let entry = 0;
    while (entry < source.length && !source.at(entry + 1, 0, false).events.some(stealing)) entry++;
    const after = source.at(entry + 1, 0, false);
    const { pfn, type } = after.events.find(stealing) ?? { kind: '' };
    const [was, is] = [source.at(entry, 0, false), after].map((view) => mixed(view, Number(pfn)));
    expect(is?.type).toBe(was?.type);
    expect(is?.type).not.toBe(type);
    expect(((is?.listed ?? 0) | (is?.asked ?? 0)) & (1 << Number(type))).not.toBe(0);
    expect([was?.mixed, is?.mixed]).toEqual([false, true]);
  });

  test('and the page is told how many are', async () => {
    const source = await open('fallback-claim');
    const view = source.at(source.length, 0, false);
    expect(view.pageblockRuns).toBeGreaterThan(0);
    const counted = view.pageblocks.reduce((sum, run) => sum + (run.mixed ? run.blocks : 0), 0);
    expect(view.mixedPageblocks).toBe(counted);
    expect(counted).toBeGreaterThan(0);
  });
});

test('a kernel without pageblocks has none, and one list an order', async () => {
  const path = 'tests/golden/linux-2.4.20/buddy-tiny.jsonl.gz';
  const source = await openRun(await engineModule(), path, bytesOf(path));
  const view = source.at(source.length, 0, false);
  expect([view.pageblocks, view.pageblockRuns, view.mixedPageblocks]).toEqual([[], 0, 0]);
  expect(view.zones[0]?.lists.map(({ order, type }) => [order, type])).toEqual(
    Array.from({ length: 10 }, (_, order) => [order, 0]),
  );
  expect(view.zones[0]?.nr_free).toEqual(view.zones[0]?.lists.map(({ length }) => length));
  expect(source.frame(0)).toMatchObject({ freeOrder: null, compoundOrder: null, pageblock: null, remembered: 0 });
});
