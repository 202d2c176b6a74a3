import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Comparison } from '../../src/core/compare.ts';
import { CallError, Forks } from '../../src/core/fork.ts';
import { openRun, readRunFile } from '../../src/core/index.ts';
import { KERNELS } from '../../src/generated/tables.ts';
import { describeDifference } from '../../src/words/differences.ts';
import { loadWords, plain } from '../../src/words/index.ts';
import { loadDifferences } from '../../src/words/sides.ts';
import { bytesOf, EXAMPLE, engineModule, inRepository } from './helpers.ts';

const HEADER = { format: 'pageframe-run/1', machine: { nodes: [{ start_pfn: 0, pages: 4096 }] } };
const OPS = [
  { op: 'boot' },
  { op: '__get_free_pages', gfp: 'GFP_KERNEL', order: 3, as: 'buf' },
  { op: 'alloc_pages', gfp: 'GFP_ATOMIC', order: 0, as: 'page' },
  { op: '__free_pages', pfn: 'page', order: 0 },
  { op: 'free_pages', addr: 'buf', order: 3 },
];
const text = (ops: readonly object[], header: object = {}): string =>
  [{ kernel: 'linux-2.4.20', ...HEADER, ...header }, ...ops].map((line) => `${JSON.stringify(line)}\n`).join('');

async function opened(file: string): Promise<Forks> {
  return new Forks(await openRun(await engineModule(), 'a.jsonl', new TextEncoder().encode(file)));
}
const run = (kernel = 'linux-2.4.20'): Promise<Forks> => opened(text(OPS, { kernel }));

/** Everything that can be seen of a run, short enough to be shown where two differ. Where a line stands in its file is no part of it. */
function picture({ source }: Forks): string {
  const hash = createHash('sha256');
  for (let entry = 0; entry <= source.length; entry++)
    hash.update(JSON.stringify({ ...source.at(entry, 0, true), lineNumber: 0 }).replaceAll(/"line":\d+/g, ''));
  hash.update(JSON.stringify([source.outcomes(0), source.kinds(), source.misused(0), source.freeOverTime(null)]));
  return `${source.length} ${hash.digest('hex')}`;
}

function refusal(forks: Forks, entry: number, call: object) {
  const before = picture(forks);
  try {
    forks.call(entry, JSON.stringify(call));
  } catch (error) {
    expect(error).toBeInstanceOf(CallError);
    expect(picture(forks)).toBe(before);
    return (error as CallError).refusal;
  }
  throw new Error('it was made');
}

describe.each(KERNELS.map(({ name }) => name))('%s', (kernel) => {
  test('a call at the end is one more operation, and can be taken back', async () => {
    const forks = await run(kernel);
    const before = picture(forks);
    expect(forks.edits).toEqual({ canUndo: false, canRedo: false, before: null });
    expect(forks.call(5, '{"op":"__get_free_page","gfp":"GFP_KERNEL","as":"one"}')).toBe(6);
    expect(forks.source.length).toBe(6);
    expect(forks.edits).toEqual({ canUndo: true, canRedo: false, before: null });
    expect(forks.call(6, '{"op":"free_page","addr":"one"}')).toBe(7);
    expect(forks.source.at(7, 0, false).zones.map((zone) => zone.free_pages)).toEqual(
      forks.source.at(5, 0, false).zones.map((zone) => zone.free_pages),
    );
    const after = picture(forks);
    expect(forks.undo()).toBe(6);
    expect(forks.undo()).toBe(5);
    expect(picture(forks)).toBe(before);
    expect(forks.undo()).toBeNull();
    expect(forks.redo()).toBe(6);
    expect(forks.redo()).toBe(7);
    expect(picture(forks)).toBe(after);
    expect(forks.redo()).toBeNull();
  });

  test('a call in the past forks: what followed is kept, gone back to, and compared', async () => {
    const forks = await run(kernel);
    const before = picture(forks);
    const file = forks.text();
    expect(forks.call(2, '{"op":"free_pages","addr":"buf","order":3}')).toBe(3);
    expect(forks.source.length).toBe(3);
    expect(forks.edits.before).toEqual({ entry: 2, length: 3, isNew: false });
    const forked = picture(forks);
    const other = forks.openBefore(await engineModule());
    expect(other?.entry).toBe(2);
    expect(picture(new Forks(other?.source as Forks['source']))).toBe(before);
    expect(forks.switch()).toBe(2);
    expect(picture(forks)).toBe(before);
    expect(forks.text()).toBe(file);
    expect(forks.edits.before).toEqual({ entry: 2, length: 1, isNew: true });
    expect(forks.switch()).toBe(2);
    expect(picture(forks)).toBe(forked);
    for (let i = 0; i < 3; i++) forks.undo();
    expect(picture(forks)).toBe(before);
    expect(forks.edits).toEqual({ canUndo: false, canRedo: true, before: null });
  });

  test('what is kept goes on with the run to another page', async () => {
    const forks = await run(kernel);
    const before = picture(forks);
    expect(forks.kept).toBeNull();
    forks.call(2, '{"op":"free_pages","addr":"buf","order":3}');
    const forked = picture(forks);
    for (const isNew of [false, true]) {
      if (isNew) forks.switch();
      const { kept } = forks;
      expect(kept).toMatchObject({ entry: 2, isNew });
      const there = new Forks((await opened(forks.text())).source, kept);
      expect(there.edits).toEqual({ ...forks.edits, canUndo: false });
      expect(there.kept).toEqual(kept);
      expect(picture(there)).toBe(isNew ? before : forked);
      expect(there.text()).toBe(forks.text());
      expect(there.switch()).toBe(2);
      expect(picture(there)).toBe(isNew ? forked : before);
    }
  });

  test.each([
    ['names nothing that was bound', '{"op":"free_pages","addr":"other","order":3}', 2, 'other'],
    ['is no operation', '{"op":"nothing"}', 2, 'nothing'],
    ['begins past the end', '{"op":"alloc_page","gfp":"GFP_KERNEL"}', 77, 'the first 77: there are 5'],
  ])('what is kept and %s is refused', async (_, line, entry, said) => {
    const { source } = await run(kernel);
    const before = picture(new Forks(source));
    expect(() => new Forks(source, { entry, isNew: false, text: line })).toThrow(said);
    expect(picture(new Forks(source))).toBe(before);
  });

  test('the changed run is a file, and reads as what it is', async () => {
    const forks = await run(kernel);
    forks.call(2, '{"op":"get_zeroed_page","gfp":"GFP_KERNEL","as":"zeroed"}');
    const again = await opened(forks.text());
    expect(picture(again)).toBe(picture(forks));
    expect(again.source.run.names).toEqual(['buf', 'zeroed']);
  });

  test('every operation that the kernel has can be read as a call', async () => {
    const { ops } = KERNELS.find((known) => known.name === kernel) ?? { ops: [] };
    const forks = await run(kernel);
    for (const op of ops) {
      const missing = (() => {
        try {
          forks.call(5, JSON.stringify({ op }));
          forks.undo();
          return '';
        } catch (error) {
          return (error as CallError).refusal.field;
        }
      })();
      expect(missing).not.toBe('op');
    }
  });
});

test('names mean something only behind what binds them', async () => {
  const forks = await run();
  expect(forks.source.namesAt(2, 9)).toEqual([{ name: 'buf', op: '__get_free_pages', entry: 1 }]);
  expect(forks.source.namesAt(5, 9).map(({ name }) => name)).toEqual(['page', 'buf']);
  expect(refusal(forks, 2, { op: '__free_page', pfn: 'page' })).toMatchObject({
    field: 'pfn',
    found: '"page"',
    wanted: { what: 'known-name' },
  });
  forks.call(2, '{"op":"__get_free_pages","gfp":"GFP_KERNEL","order":0,"as":"page"}');
  expect(forks.source.namesAt(3, 9)[0]).toEqual({ name: 'page', op: '__get_free_pages', entry: 2 });
  expect(forks.call(3, '{"op":"free_pages","addr":"buf+4","order":0}')).toBe(4);
  expect(forks.source.binders(3)).toEqual({ buf: '__get_free_pages' });
});

test('what cannot be is refused at its field, and nothing changes', async () => {
  const forks = await run();
  const wrong: [object, string, object, string][] = [
    [{ op: 'alloc_page' }, 'gfp', { what: 'other' }, 'nothing'],
    [{ op: '__free_pages', pfn: 'x+y', order: 0 }, 'pfn', { what: 'PFN', low: 0, high: 0xfffffffd }, '"x+y"'],
    [{ op: '__free_pages', pfn: 1, order: 32 }, 'order', { what: 'ORDER', low: 0, high: 31 }, '32'],
    [{ op: 'free_page', addr: 2 ** 32 }, 'addr', { what: 'ADDR', low: 0, high: 0xffffffff }, '4294967296'],
    [{ op: 'alloc_bootmem', size: 'much' }, 'size', { what: 'SIZE' }, '"much"'],
    [{ op: 'alloc_page', gfp: 'GFP_KERNEL', as: '4you' }, 'as', { what: 'new-name' }, '"4you"'],
    [{ op: 'alloc_page', gfp: 'GFP_KERNEL', cpu: 1 }, 'cpu', { what: 'cpu', low: 0, high: 0 }, '1'],
    [{ op: 'free_boot_range', start: 0, end: 9999, dir: 'up' }, '', { what: 'range' }, ''],
    [{ op: 'drain_local_pages' }, '', { what: 'lacks' }, ''],
  ];
  for (const [call, field, wanted, found] of wrong)
    expect(refusal(forks, 3, call)).toMatchObject({ field, found, wanted });
});

test('there is room for a thousand new names, and no more', async () => {
  const forks = await run();
  for (let i = 0; i < 1024; i++) forks.call(5 + i, `{"op":"alloc_page","gfp":"GFP_DMA","as":"n${i}"}`);
  expect(refusal(forks, 1029, { op: 'alloc_page', gfp: 'GFP_DMA', as: 'more' })).toMatchObject({
    field: 'as',
    wanted: { what: 'names' },
  });
  expect(forks.call(1029, '{"op":"alloc_page","gfp":"GFP_DMA","as":"n7"}')).toBe(1030);
});

test('a run that ends at a BUG takes no call behind it, but one before', async () => {
  const twice = { op: 'free_bootmem', addr: 0, size: 4096 };
  const init = { op: 'init_bootmem', mapstart: 1, start: 0, end: 4096 };
  const forks = await opened(text([init, twice, twice, { op: 'boot' }], { on_bug: 'stop' }));
  expect(forks.source.length).toBe(3);
  expect(refusal(forks, 3, twice)).toMatchObject({ field: '', wanted: { what: 'stopped' } });
  expect(forks.call(2, '{"op":"alloc_bootmem","size":64,"as":"table"}')).toBe(3);
  expect(forks.source.isStopped).toBe(false);
});

test('a file keeps its own lines: header, remarks, checks and results', async () => {
  const file = new TextDecoder().decode(bytesOf(EXAMPLE));
  const forks = await opened(file);
  expect(forks.text()).toBe(file);
  forks.call(4, '{"op":"alloc_bootmem","size":128}');
  const lines = file.trimEnd().split('\n');
  const fourth = readRunFile('a', file).ops[4]?.line ?? 0;
  expect(forks.text().trimEnd().split('\n')).toEqual([
    ...lines.slice(0, fourth - 1),
    '{"op":"alloc_bootmem","size":128}',
  ]);
  forks.switch();
  expect(forks.text()).toBe(file);
});

test('what code is made of: calls, their names and what came of them', async () => {
  const forks = await run();
  const [got, gone] = [1, 4].map((entry) => forks.source.code(entry, 1)[0]);
  expect(got).toMatchObject({ entry: 1, outcome: 'done', said: [], binders: {}, line: JSON.stringify(OPS[1]) });
  expect(got?.operation.map(({ kind }) => kind)).toEqual(['op_begin', 'op_arg', 'op_arg', 'op_end']);
  expect(gone?.binders).toEqual({ buf: '__get_free_pages' });
  expect(forks.source.code(4, 10)).toHaveLength(1);
  expect(forks.source.allNames()).toEqual([
    { name: 'buf', op: '__get_free_pages', entry: 1 },
    { name: 'page', op: 'alloc_pages', entry: 2 },
  ]);
});

test('on another kernel, what it lacks is no error when its names are asked for', async () => {
  const lines = text([OPS[0] ?? {}, { op: 'alloc_page', gfp: 'GFP_KERNEL|__GFP_COLD', as: 'page' }], {
    kernel: 'linux-2.6.10',
  });
  const bytes = new TextEncoder().encode(lines);
  const source = await openRun(await engineModule(), 'a.jsonl', bytes, 'linux-2.4.20');
  expect(source.at(2, 0, false)).toMatchObject({ lacking: '__GFP_COLD', binders: {} });
});

test('what time shows is counted anew where the future changed: free memory, troubles', async () => {
  const file = 'web/public/examples/misuse.jsonl';
  const forks = await opened(new TextDecoder().decode(bytesOf(file)));
  const { source } = forks;
  const troubled = source.misused(0);
  const free = source.freeOverTime(null);
  expect(troubled.length).toBeGreaterThan(2);
  const fork = (troubled[1] ?? 0) + 1;
  forks.call(fork, '{"op":"alloc_page","gfp":"GFP_KERNEL"}');
  expect(source.misused(0).filter((entry) => entry < fork)).toEqual(troubled.slice(0, 2));
  expect(source.misused(fork + 1)).toEqual([]);
  const { places, freePages } = source.freeOverTime(null);
  expect(places.at(-1)).toBe(fork + 1);
  expect(freePages.slice(0, fork + 1)).toEqual(free.freePages.slice(0, fork + 1));
  const left = source.at(fork + 1, 0, false).zones.reduce((sum, zone) => sum + zone.free_pages, 0);
  expect(freePages.at(-1)).toBe(left);
  forks.undo();
  expect(source.misused(0)).toEqual(troubled);
  expect(source.freeOverTime(null)).toEqual(free);
});

test('a call between checks that tell something, and back: what they tell is told again', async () => {
  const lines = readFileSync(inRepository('tests/runfiles/good/linux-6.1.jsonl'), 'utf8').split('\n');
  const tells = '{"op":"check","zones":[{"node":0,"zone":"DMA","lru":[[500,8]]}]}';
  const text = [...lines.slice(0, 4), tells, ...lines.slice(4)].join('\n');
  const source = await openRun(await engineModule(), 'x.jsonl', new TextEncoder().encode(text));
  const forks = new Forks(source);
  const end = source.at(source.length, 0, true).digest;
  const { length } = source;
  expect(source.at(3, 0, false)).toMatchObject({ operation: [], line: tells, lineNumber: 5 });
  expect([source.frame(500)?.lru, source.frame(508)?.lru]).toEqual([true, false]);
  expect(forks.call(1, '{"op":"drain_all_pages"}')).toBe(2);
  expect(source.length).toBe(2);
  expect(forks.undo()).toBe(1);
  expect(source.length).toBe(length);
  expect(source.at(length, 0, true).digest).toBe(end);
  expect(forks.text()).toBe(`${text.trimEnd()}\n`);
});

describe('compared with what happened before', () => {
  const compared = async (forks: Forks) => {
    const other = forks.openBefore(await engineModule());
    if (!other) throw new Error('nothing is kept');
    const comparison = new Comparison(forks.source, [other.source], other.entry);
    while (comparison.advance(64));
    const infos = [
      { ...forks.source.describe(), edits: forks.edits },
      { ...other.source.describe(), isBefore: true },
    ] as const;
    const tell = async (language: 'en' | 'ru'): Promise<string[]> => {
      const [table, words] = [await loadDifferences(language), await loadWords(language)];
      return (comparison.groups()[0] ?? []).map(({ first }) =>
        plain(describeDifference(table, words, first, [...infos])),
      );
    };
    return { groups: comparison.groups()[0] ?? [], tell };
  };

  test('other calls are told as what they are', async () => {
    const forks = await run();
    forks.call(2, '{"op":"free_pages","addr":"buf","order":3}');
    const { groups, tell } = await compared(forks);
    expect(groups.map(({ first, entries }) => [first.kind, [...entries]])).toEqual([['call', [2]]]);
    expect(await tell('en')).toEqual([
      'Another call: free_pages(buf, 3) in the new run, page = alloc_pages(GFP_ATOMIC, 0) in the earlier run.',
    ]);
    expect((await tell('ru'))[0]).toContain('Другой вызов: free_pages(buf, 3) — «стало»');
    forks.switch();
    expect((await (await compared(forks)).tell('en'))[0]).toContain('alloc_pages(GFP_ATOMIC, 0) in the earlier run');
  });

  test('the same call behind another past gets other frames', async () => {
    const forks = await run();
    forks.call(1, '{"op":"alloc_page","gfp":"GFP_KERNEL","as":"first"}');
    forks.call(2, JSON.stringify(OPS[2]));
    const { groups } = await compared(forks);
    expect(groups.map(({ first }) => first.kind)).toContain('frame');
    expect(groups.find(({ first }) => first.kind === 'call')?.entries).toEqual(Uint32Array.of(1));
  });
});
