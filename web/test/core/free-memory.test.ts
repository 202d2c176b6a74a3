import { describe, expect, test } from 'vitest';
import { openRun, openTrace, type Source } from '../../src/core/index.ts';
import { STATES } from '../../src/generated/tables.ts';
import { bytesOf, EXAMPLE, engineModule, inRepository } from './helpers.ts';

const RUNS = [
  EXAMPLE,
  'web/public/examples/three-zones.jsonl',
  'web/public/examples/two-nodes.jsonl',
  'tests/golden/linux-2.4.20/lifecycle-pc64.jsonl.gz',
  'tests/golden/linux-2.6.10/lifecycle-api.jsonl.gz',
  'tests/golden/linux-2.6.10/buddy-random-64m-smp.jsonl.gz',
  'tests/golden/linux-6.1/smp-random.jsonl.gz',
  'tests/golden/linux-6.1/fallback-claim.jsonl.gz',
  'tests/golden/linux-6.1/live-mixed.jsonl.gz',
];

const open = async (file: string): Promise<Source> => openRun(await engineModule(), inRepository(file), bytesOf(file));

/** What the engine's own lists hold at a place, of the zones given. */
function listed(source: Source, entry: number, zones: readonly number[]) {
  const views = source.at(entry, 0, false).zones.filter(({ zone }) => zones.includes(zone));
  const sum = (of: (view: (typeof views)[number]) => number): number => views.reduce((all, view) => all + of(view), 0);
  const orders = source.kernel?.nrOrders ?? 0;
  return {
    blocks: Array.from({ length: orders }, (_, order) =>
      sum(({ lists }) => lists.reduce((blocks, list) => blocks + (list.order === order ? list.length : 0), 0)),
    ),
    onCpus: sum(({ pcp }) =>
      pcp.flatMap(({ lists }) => lists).reduce((frames, list) => frames + list.length * 2 ** list.order, 0),
    ),
    freePages: sum(({ free_pages }) => free_pages),
  };
}

describe.each(RUNS)('%s', (file) => {
  test('counted from events, the free blocks are those on the lists', async () => {
    const source = await open(file);
    const all = source.freeOverTime(null);
    expect(all.places.at(-1)).toBe(source.length);
    expect(all.zones.length).toBeGreaterThan(0);
    for (const zone of [null, ...all.zones]) {
      const memory = source.freeOverTime(zone);
      const zones = zone === null ? all.zones : [zone];
      for (let row = 0; row < memory.places.length; row += Math.ceil(memory.places.length / 40)) {
        const { blocks, onCpus, freePages } = memory;
        const counted = { blocks: blocks.map((one) => one[row]), onCpus: onCpus[row], freePages: freePages[row] };
        expect(counted, `zone ${zone}, place ${memory.places[row]}`).toEqual(
          listed(source, memory.places[row] ?? 0, zones),
        );
      }
    }
  });
});

test('an operation with more events than are read is counted from where it led', async () => {
  const source = await open(EXAMPLE);
  const told = source.freeOverTime(null);
  const again = await open(EXAMPLE);
  const { engine } = again;
  const { count } = engine.seek(9, Number.MAX_SAFE_INTEGER >>> 0);
  const records = engine.records(count);
  engine.seek(again.length - 1, 0xffffffff);
  again.learn(records, 1, count);
  const last = again.freeOverTime(null);
  expect(last.blocks.map((one) => one.at(-1))).toEqual(told.blocks.map((one) => one.at(-1)));
  expect(last.freePages.at(-1)).toBe(told.freePages.at(-1));
});

test('of a trace, the frames that are free', async () => {
  const folder = 'web/public/samples/boot-idle';
  const source = await openTrace(
    await engineModule(),
    'boot-idle',
    bytesOf(`${folder}.trace.gz`),
    bytesOf(`${folder}.kpageflags.gz`),
  );
  const memory = source.freeOverTime(null);
  expect(memory.blocks).toEqual([]);
  for (let row = 0; row < memory.places.length; row += 97) {
    const { counts } = source.at(memory.places[row] ?? 0, 0, false);
    expect(memory.freePages[row], `place ${memory.places[row]}`).toBe(counts[STATES.indexOf('buddy')]);
    expect(memory.onCpus[row]).toBe(counts[STATES.indexOf('pcp')]);
  }
  expect(new Set(memory.freePages).size).toBeGreaterThan(10);
});
