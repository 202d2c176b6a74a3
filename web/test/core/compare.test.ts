import { expect, test } from 'vitest';
import { Comparison, type Difference, type DifferenceGroup } from '../../src/core/compare.ts';
import { openRun, type Source } from '../../src/core/index.ts';
import { KERNELS, TROUBLES } from '../../src/generated/tables.ts';
import type { SourceInfo } from '../../src/protocol.ts';
import { describeDifference } from '../../src/words/differences.ts';
import { loadWords, plain } from '../../src/words/index.ts';
import { loadDifferences } from '../../src/words/sides.ts';
import { bytesOf, engineModule } from './helpers.ts';

const [OLD, NEW] = ['linux-2.4.20', 'linux-2.6.10'];
const module = await engineModule();

/** A machine of 4 MiB, the kernel at 1 MiB. */
const HEADER = {
  format: 'pageframe-run/1',
  kernel: OLD,
  machine: { nodes: [{ start_pfn: 0, pages: 1024 }] },
  memory: [
    [0, 655360],
    [1048576, 3145728],
  ],
  reserved: [
    [0, 4096],
    [1048576, 524288],
  ],
};
const BOOT = { op: 'boot' };
const page = (as: string, gfp = 'GFP_KERNEL'): object => ({ op: 'alloc_page', gfp, as });
const pages = (order: number, as: string): object => ({ op: 'alloc_pages', gfp: 'GFP_KERNEL', order, as });
const free = (pfn: string | number, order = 0): object => ({ op: '__free_pages', pfn, order });

const bytesOfRun = (lines: object[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

async function pair(bytes: Uint8Array, on: string): Promise<[Source, Source]> {
  return [await openRun(module, 'run.jsonl', bytes), await openRun(module, 'run.jsonl', bytes, on)];
}

function groupsOf([here, there]: [Source, Source]): DifferenceGroup[] {
  const comparison = new Comparison(here, [there]);
  while (comparison.advance(7));
  expect(comparison.entries).toBe(here.length);
  return comparison.groups()[0] ?? [];
}

/** What differs when these operations are carried out by 2.4.20 and by 2.6.10, in this order or the other. */
async function differences(ops: object[], header: object = HEADER, on = NEW): Promise<DifferenceGroup[]> {
  return groupsOf(await pair(bytesOfRun([header, ...ops]), on ?? ''));
}

type Of<K extends Difference['kind']> = Extract<Difference, { kind: K }>;
const firstOf = <K extends Difference['kind']>(groups: DifferenceGroup[], kind: K): Of<K> | undefined =>
  groups.map(({ first }) => first).find((first): first is Of<K> => first.kind === kind);
const kinds = (groups: DifferenceGroup[]): string[] => [...new Set(groups.map(({ first }) => first.kind))];

test('a boot: orders, CPU lists, tables, whole words, frames handed over, watermarks', async () => {
  const groups = await differences([BOOT]);
  expect(kinds(groups).sort()).toEqual(['cpu-lists', 'handed-over', 'marks', 'orders', 'tables', 'whole-words']);
  expect(groups.every(({ entries }) => entries.length === 1 && entries[0] === 0)).toBe(true);
  expect(firstOf(groups, 'orders')?.orders).toEqual([10, 11]);
  expect(firstOf(groups, 'cpu-lists')).toMatchObject({ side: 1, low: 2, high: 6, batch: 1 });
  expect(firstOf(groups, 'tables')).toMatchObject({ tables: [11, 12], bytes: [49388, 32976] });
  expect(firstOf(groups, 'whole-words')).toMatchObject({ words: [0, 24], bits: 32 });
  expect(firstOf(groups, 'handed-over')).toMatchObject({ frames: [786, 790], onCpus: [0, 6] });
  expect(firstOf(groups, 'marks')?.marks).toEqual([
    [20, 40, 60],
    [60, 75, 90],
  ]);
});

test('another frame: the head of the hot list, or the first block of a free list', async () => {
  const groups = await differences([BOOT, page('a'), free('a'), page('b')]);
  const frame = firstOf(groups, 'frame');
  expect(frame?.why).toBe('list');
  expect(frame?.got.map(({ list }) => list)).toEqual(['free', 'hot']);
  const freed = firstOf(groups, 'freed');
  expect(freed).toMatchObject({ why: 'list', freed: [{ list: 'free' }, { list: 'hot', pfn: frame?.got[1].pfn }] });
  expect(groups.find(({ first }) => first.kind === 'frame')?.entries).toEqual(Uint32Array.of(1, 3));
});

test('the CPU list may have to be topped up first', async () => {
  const header = { ...HEADER, kernel: NEW };
  const took = await differences([BOOT, page('a'), page('b'), page('c'), page('d'), page('e')], header, OLD);
  const frames = took.map(({ first }) => first).filter((first): first is Of<'frame'> => first.kind === 'frame');
  expect(frames[0]?.got).toMatchObject([{ list: 'hot', fetched: 0 }, { list: 'free' }]);
  const [here, there] = await pair(bytesOfRun([header, BOOT, ...Array.from('abcdef', (name) => page(name))]), OLD);
  const last = new Comparison(here, [there])
    .at(6)
    .flat()
    .find((one): one is Of<'frame'> => one.kind === 'frame');
  expect(last?.got).toMatchObject([
    { list: 'hot', fetched: 1 },
    { list: 'free', fetched: 0 },
  ]);
});

test('the other half of a block', async () => {
  const fresh = [
    { op: 'free_area_init', start_pfn: 0, sizes: [1024, 0, 0] },
    { op: 'free_boot_range', start: 0, end: 1024, dir: 'up' },
    pages(4, 'a'),
    pages(5, 'b'),
    pages(5, 'c'),
  ];
  const groups = await differences(fresh);
  const half = groups.find(({ first }) => first.kind === 'frame' && first.why === 'half')?.first as Of<'frame'>;
  expect(half.got.map((got) => got.half)).toEqual(['upper', 'lower']);
  expect(half.got.map((got) => got.block)).toEqual([
    [896, 6],
    [896, 6],
  ]);
});

test('another block, since the lists came apart', async () => {
  const groups = await differences([BOOT, pages(3, 'buf')]);
  expect(firstOf(groups, 'frame')).toMatchObject({ why: 'blocks', since: 0, got: [{ pfn: 24 }, { pfn: 16 }] });
});

test('a double free: a count below zero here, BUG() there', async () => {
  const groups = await differences([BOOT, page('a'), free('a'), free('a')]);
  expect(firstOf(groups, 'outcome')).toMatchObject({
    entry: 3,
    ends: [
      { outcome: 'done', below: -1, bug: '' },
      { outcome: 'bug', below: 0, bug: '__free_pages: page count is already zero' },
    ],
  });
  expect(groups.some(({ first, entries }) => first.kind === 'freed' && entries.includes(3))).toBe(false);
});

test('what goes wrong on one side alone, and that the kernel does not notice', async () => {
  const groups = groupsOf(await pair(bytesOf('web/public/examples/two-kernels.jsonl'), NEW));
  expect(firstOf(groups, 'unnoticed')).toMatchObject({
    entry: 24,
    side: 1,
    troubles: [{ kind: 'two-owners', pfn: 0x30, count: 16 }],
  });
  // A count below zero is told by how the call ended.
  expect(kinds(await differences([BOOT, page('a'), free('a'), free('a')]))).not.toContain('unnoticed');
});

test('every kind of trouble has its words', async () => {
  const sources = (await pair(bytesOfRun([HEADER]), NEW)).map(({ info }) => info) as [SourceInfo, SourceInfo];
  for (const language of ['en', 'ru'] as const) {
    const [table, words] = [await loadDifferences(language), await loadWords(language)];
    for (const count of [1, 2, 5]) {
      const troubles = TROUBLES.map((kind) => ({ kind, zone: 0, list: 0, pfn: 0, count }));
      for (const one of troubles) {
        const difference: Difference = { entry: 0, kind: 'unnoticed', side: 0, troubles: [one, one] };
        const said = plain(describeDifference(table, words, difference, sources));
        expect(said).toMatch(/^linux-2\.4\.20 .{20,}\.$/);
        expect(said).not.toMatch(/undefined|NaN| {2}/);
      }
    }
  }
});

test('complaints: reserved twice, a bad page', async () => {
  const boot = [
    { op: 'init_bootmem', mapstart: 384, start: 0, end: 1024 },
    { op: 'reserve_bootmem', addr: 0, size: 8192 },
  ];
  const twice = await differences(boot);
  expect(kinds(twice)).toEqual(['complaint']);
  expect(firstOf(twice, 'complaint')).toMatchObject({
    warning: 'warn_reserved_twice',
    times: [1, 0],
    event: { pfn: 0, count: 2 },
  });
  const fresh = { op: 'free_area_init', start_pfn: 0, sizes: [1024, 0, 0] };
  const range = { op: 'free_boot_range', start: 0, end: 8, dir: 'up' };
  const taken = Array.from('abcdefgh', (name) => page(name));
  const bad = await differences([fresh, range, ...taken, free(2, 1)]);
  expect(firstOf(bad, 'complaint')).toMatchObject({
    warning: 'warn_bad_page',
    times: [0, 1],
    event: { pfn: 3, count: 1 },
  });
});

test('watermarks: another sum, another verdict', async () => {
  const groups = await differences([BOOT, page('a'), pages(10, 'huge')]);
  const [here, there] = firstOf(groups, 'arithmetic')?.tests ?? [];
  expect(here).toMatchObject({ zone: 0, least: 42, request: 1, mark: 40, besides: 0, adds: 'marks' });
  expect(there).toMatchObject({ zone: 0, least: 76, request: 1, mark: 75, besides: 0, adds: 'protection' });
  expect(firstOf(groups, 'verdict')?.tests).toMatchObject([null, { passed: false, free: 784, least: 1099 }]);
  expect(firstOf(groups, 'complaint')).toMatchObject({ warning: 'warn_alloc_failed', times: [0, 1] });
});

test('the marks of the zones before count in one kernel, the protection of the zone in the other', async () => {
  const take = { op: 'alloc_pages', gfp: 'GFP_HIGHUSER', order: 7 };
  const ops = [
    { op: 'free_area_init', start_pfn: 0, sizes: [256, 256, 512] },
    { op: 'free_boot_range', start: 0, end: 1024, dir: 'up' },
    { op: 'init_per_zone_pages_min' },
    { op: 'sysctl', name: 'lower_zone_protection', value: 4 },
    ...[take, take, take],
    take,
  ];
  const sources = await pair(bytesOfRun([{ ...HEADER, kernel: NEW }, ...ops]), OLD);
  const [verdict] = new Comparison(sources[0], [sources[1]])
    .at(7)
    .flat()
    .filter(({ kind }) => kind === 'verdict') as Of<'verdict'>[];
  expect(verdict?.tests).toMatchObject([
    { zone: 1, passed: false, request: 128, besides: 160, adds: 'protection' },
    { zone: 1, passed: true, request: 128, mark: 40, besides: 40, adds: 'marks', least: 209 },
  ]);
});

test('an allocation fails while frames lie free on the CPU lists', async () => {
  const groups = await differences([BOOT, ...Array.from({ length: 800 }, (_, i) => page(`p${i}`, 'GFP_ATOMIC'))]);
  const failed = firstOf(groups, 'outcome');
  expect(failed?.ends).toMatchObject([
    { outcome: 'done', onCpus: 0 },
    { outcome: 'failed', onCpus: 2 },
  ]);
  const [en, ru] = [await loadDifferences('en'), await loadDifferences('ru')];
  const sources = (await pair(bytesOfRun([HEADER]), NEW)).map(({ info }) => info) as [SourceInfo, SourceInfo];
  const said = async (table: typeof en, language: 'en' | 'ru'): Promise<string> =>
    plain(describeDifference(table, await loadWords(language), failed as Difference, sources));
  expect(await said(en, 'en')).toContain("gives NULL, while 2 frames lie free on the CPU's own lists");
  expect(await said(ru, 'ru')).toContain('хотя в собственных списках процессора свободны 2 кадра');
});

test('the boot allocator goes on from where it was, or from the goal', async () => {
  const ops = [
    { op: 'init_bootmem', mapstart: 384, start: 0, end: 1024 },
    { op: 'free_bootmem', addr: 0, size: 4194304 },
    { op: 'reserve_bootmem', addr: 384 * 4096, size: 4096 },
    { op: '__alloc_bootmem', size: 4096, align: 4096, goal: 0x100000 },
    { op: '__alloc_bootmem', size: 4096, align: 4096, goal: 0x80000 },
  ];
  const groups = await differences(ops);
  expect(kinds(groups)).toEqual(['boot-frame']);
  expect(firstOf(groups, 'boot-frame')).toMatchObject({
    entry: 4,
    address: [0x80000, 0x101000],
    search: [0x80, 0x100],
    shared: [false, false],
  });
});

test('frames that are freed merge otherwise', async () => {
  const groups = await differences([BOOT, pages(3, 'buf'), free('buf', 3)]);
  const freed = firstOf(groups, 'freed');
  expect(freed?.why).toBe('blocks');
  expect(freed?.freed[0].order).not.toBe(freed?.freed[1].order);
});

test('another number comes back', async () => {
  const header = { ...HEADER, kernel: NEW, bits_per_long: 64 };
  const groups = await differences([{ op: 'init_bootmem', mapstart: 0, start: 0, end: 32 }], header, OLD);
  expect(groups.map(({ first }) => first)).toEqual([
    { entry: 0, kind: 'result', op: 'init_bootmem', result: 'bytes', value: [8, 4] },
  ]);
});

test('what a kernel lacks is skipped, and the entries stay in step', async () => {
  const ops = [BOOT, page('a', 'GFP_KERNEL|__GFP_COLD'), free('a'), { op: 'drain_local_pages' }, page('b'), page('c')];
  const bytes = bytesOfRun([{ ...HEADER, kernel: NEW }, ...ops]);
  const sources = await pair(bytes, OLD);
  expect(sources.map(({ length }) => length)).toEqual([ops.length, ops.length]);
  const groups = groupsOf(sources);
  const skipped = groups.map(({ first }) => first).filter((first): first is Of<'skipped'> => first.kind === 'skipped');
  expect(skipped).toEqual([
    { entry: 1, kind: 'skipped', side: 1, op: 'alloc_page', lacking: '__GFP_COLD' },
    { entry: 3, kind: 'skipped', side: 1, op: 'drain_local_pages', lacking: 'drain_local_pages' },
  ]);
  // The name of what was skipped is NULL, so giving it back does nothing.
  expect(firstOf(groups, 'outcome')).toMatchObject({ entry: 2, ends: [{ outcome: 'done' }, { outcome: 'nothing' }] });
  const [here, there] = sources.map((source) => source.at(6, 0, false));
  expect(there?.operation[0]?.number).toBe(here?.operation[0]?.number);
  expect(sources[1].at(2, 0, false)).toMatchObject({ lacking: '__GFP_COLD', eventsEntry: 1 });
  expect(here?.lacking).toBe('');
});

test('a hint that a kernel does not know is passed over, and said once', async () => {
  const ops = [BOOT, page('a', 'GFP_KERNEL|__GFP_MOVABLE'), page('b', 'GFP_KERNEL|__GFP_MOVABLE'), page('c')];
  const newest = KERNELS[2]?.name ?? '';
  const sources = await pair(bytesOfRun([HEADER, ...ops]), newest);
  const passed = groupsOf(sources).filter(({ first }) => first.kind === 'passed-over');
  expect(passed.map(({ first, entries }) => [first, [...entries]])).toEqual([
    [{ entry: 1, kind: 'passed-over', side: 0, hints: '__GFP_MOVABLE' }, [1, 2]],
  ]);
  expect(sources.map((source) => source.at(2, 0, false).passedOver)).toEqual(['__GFP_MOVABLE', '']);
  expect(sources.map((source) => source.at(4, 0, false).passedOver)).toEqual(['', '']);
});

test('opened by itself, a run that asks for what the kernel lacks is refused', async () => {
  const open = (ops: object[]): Promise<Source> => openRun(module, 'run.jsonl', bytesOfRun([HEADER, ...ops]));
  await expect(open([BOOT, { op: 'drain_local_pages' }])).rejects.toThrow('expected an operation of linux-2.4.20');
  await expect(open([BOOT, page('a', '__GFP_COLD')])).rejects.toThrow('expected flag names of linux-2.4.20');
  const nonsense = bytesOfRun([HEADER, BOOT, page('a', '__GFP_NONSENSE')]);
  await expect(openRun(module, 'run.jsonl', nonsense, NEW)).rejects.toThrow('expected flag names of linux-2.6.10');
});

const RUNS = [
  'web/public/examples/boot-and-eight-pages.jsonl',
  'web/public/examples/misuse.jsonl',
  'web/public/examples/three-zones.jsonl',
  'web/public/examples/two-nodes.jsonl',
  'web/public/examples/two-kernels.jsonl',
  'web/public/examples/misuse-caught.jsonl',
  'tests/golden/linux-2.4.20/misuse-wild.jsonl.gz',
  'tests/golden/linux-2.6.10/misuse-order.jsonl.gz',
  'tests/golden/linux-2.6.10/buddy-smp.jsonl.gz',
  'tests/golden/linux-2.6.10/bootmem-merge.jsonl.gz',
];

test.each(RUNS)('%s: the same kernel differs in nothing from itself', async (path) => {
  const bytes = bytesOf(path);
  const here = await openRun(module, path, bytes);
  expect(groupsOf([here, await openRun(module, path, bytes, here.kernel?.name)])).toEqual([]);
});

test.each(RUNS)('%s: every difference has its sentence, in both languages', async (path) => {
  const bytes = bytesOf(path);
  const here = await openRun(module, path, bytes);
  const other = KERNELS.find(({ name }) => name !== here.kernel?.name)?.name ?? '';
  const there = await openRun(module, path, bytes, other);
  const groups = groupsOf([here, there]);
  expect(groups.length).toBeGreaterThan(0);
  for (const language of ['en', 'ru'] as const) {
    const [table, words] = [await loadDifferences(language), await loadWords(language)];
    for (const { first } of groups) {
      const said = plain(describeDifference(table, words, first, [here.describe(), there.describe()]));
      expect(said, first.kind).toMatch(/^[A-ZА-Яl].*[.]$/);
      expect(said, first.kind).not.toMatch(/undefined|NaN|\[object| {2}|, на |\.\./);
    }
  }
});

test('differences of one sort are told once, with all their entries; one entry can be asked for at any time', async () => {
  const path = 'web/public/examples/misuse.jsonl';
  const [here, there] = await pair(bytesOf(path), NEW);
  const comparison = new Comparison(here, [there]);
  while (comparison.advance(1));
  const groups = comparison.groups()[0] ?? [];
  const total = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  const each = Array.from({ length: here.length }, (_, i) => here.length - 1 - i).map(
    (entry) => comparison.at(entry)[0],
  );
  expect(each.flat()).toHaveLength(total);
  for (const { first, entries } of groups) {
    expect(entries[0]).toBe(first.entry);
    expect([...entries]).toEqual([...new Set(entries)].sort((a, b) => a - b));
    expect(comparison.at(first.entry)[0]).toContainEqual(first);
  }
  expect(comparison.at(-1)).toEqual([[]]);
  expect(comparison.at(here.length)).toEqual([[]]);
});

/** A machine on which linux-6.1 tells types apart: 16 MiB. */
const LARGE = {
  ...HEADER,
  machine: { nodes: [{ start_pfn: 0, pages: 8192 }] },
  memory: [
    [0, 655360],
    [1048576, 32505856],
  ],
};

test('linux-6.1: lists of a CPU by order and type, and a test of what is left', async () => {
  const ops = [BOOT, pages(2, 'a'), free('a', 2), pages(9, 'big')];
  const sides = await pair(bytesOfRun([LARGE, ...ops]), 'linux-6.1');
  const groups = groupsOf(sides);
  expect(firstOf(groups, 'frame')?.got.map(({ list }) => list)).toEqual(['free', 'own']);
  expect(firstOf(groups, 'freed')?.freed.map(({ list, order }) => [list, order])).toEqual([
    ['free', expect.any(Number)],
    ['own', 2],
  ]);
  const [, there] = firstOf(groups, 'arithmetic')?.tests ?? [];
  expect(there).toMatchObject({ request: 4, adds: 'protection', passed: true });
  expect(there?.least).toBe((there?.mark ?? 0) + (there?.besides ?? 0) + 4);
  const told: [SourceInfo, SourceInfo] = [sides[0].describe(), sides[1].describe()];
  for (const language of ['en', 'ru'] as const) {
    const [table, words] = [await loadDifferences(language), await loadWords(language)];
    for (const { first } of groups)
      expect(plain(describeDifference(table, words, first, told)), first.kind).not.toMatch(/undefined|NaN|\[object/);
  }
});
