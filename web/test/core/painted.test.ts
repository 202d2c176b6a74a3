import { expect, test } from 'vitest';
import { openRun, openTrace, type Source } from '../../src/core/index.ts';
import { Pageblocks } from '../../src/core/pageblocks.ts';
import { ReferenceCounts } from '../../src/core/references.ts';
import { STATES } from '../../src/generated/tables.ts';
import type { View } from '../../src/protocol.ts';
import { closeFrames } from '../../src/ui/touched.ts';
import { bytesOf, engineModule } from './helpers.ts';

const run = (path: string) => async (): Promise<Source> => openRun(await engineModule(), path, bytesOf(path));
const trace = (folder: string) => async (): Promise<Source> =>
  openTrace(
    await engineModule(),
    folder,
    bytesOf(`tests/traces/linux-6.1/${folder}/trace.txt.gz`),
    bytesOf(`tests/traces/linux-6.1/${folder}/kpageflags.start.gz`),
  );

const SOURCES: [string, () => Promise<Source>][] = [
  ['boot-and-eight-pages', run('web/public/examples/boot-and-eight-pages.jsonl')],
  ['misuse', run('web/public/examples/misuse.jsonl')],
  ['two-nodes', run('web/public/examples/two-nodes.jsonl')],
  ['counts that went wrong', run('tests/golden/linux-2.6.10/misuse-order.jsonl.gz')],
  ['stolen pageblocks', run('tests/golden/linux-6.1/fallback-scatter.jsonl.gz')],
  ['misuse of pageblocks', run('tests/golden/linux-6.1/misuse-random-1.jsonl.gz')],
  ['a trace', trace('boot-idle')],
  ['a trace with losses', trace('lossy')],
];

/** Held against the engine, which reads everything anew. */
function check(source: Source, view: View): void {
  const { painted, engine, kernel } = source;
  expect(painted.bytes).toEqual(engine.paint().slice());
  const { runs, total } = engine.runs(200);
  expect(painted.counts).toEqual(engine.counts());
  expect(painted.runsTotal).toBe(total);
  expect(painted.runs(200)).toEqual(runs);
  const unknown = STATES.indexOf('unknown');
  const close = closeFrames(view).map((pfn) => ({ pfn, state: engine.frame(pfn)?.state ?? unknown }));
  expect(view.close).toEqual(close);
  if (!kernel) return;
  const references = new ReferenceCounts(engine, engine.frames + kernel.nrSpareFrames);
  references.update(null);
  expect({ runs: view.references, total: view.referencesTotal }).toEqual(references.runs(100));
  const pageblocks = Pageblocks.of(engine, kernel);
  pageblocks?.update(null);
  if (pageblocks) expect(view).toMatchObject(pageblocks.tell(400));
  expect(source.pageblocks?.codes).toEqual(pageblocks?.codes);
}

test.each(SOURCES)('what changed is all that looks different: %s', async (_, open) => {
  const source = await open();
  let seed = 7;
  const roll = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % n;
  };
  check(source, source.at(0, 0, false));
  let few = 0;
  for (let i = 0; i < 150; i++) {
    const far = roll(4) === 0;
    const entry = far ? roll(source.length + 1) : Math.min(source.length, (i * 7) % (source.length + 1));
    const before = source.painted.bytes.slice();
    const view = source.at(entry, roll(3) === 0 ? roll(30) : 0, false);
    check(source, view);
    const changed = source.drawn;
    if (changed === null) continue;
    few++;
    const isIn = (pfn: number): boolean => changed.some(([first, count]) => pfn >= first && pfn < first + count);
    source.painted.bytes.forEach((byte, pfn) => {
      if (byte !== before[pfn]) expect(isIn(pfn), `frame ${pfn} at ${view.place.entry}.${view.place.inner}`).toBe(true);
    });
  }
  expect(few).toBeGreaterThan(5);
});

test('every step of a run is drawn from what changed', async () => {
  const source = await run('web/public/examples/misuse.jsonl')();
  for (let entry = 0; entry <= source.length; entry++) {
    check(source, source.at(entry, 0, false));
  }
  for (let entry = source.length; entry >= 0; entry--) {
    check(source, source.at(entry, 0, false));
  }
});

test('counts add up to the frames', async () => {
  const source = await run('web/public/examples/two-nodes.jsonl')();
  source.at(5, 0, false);
  expect(source.painted.counts).toHaveLength(STATES.length);
  expect(source.painted.counts.reduce((sum, count) => sum + count)).toBe(source.engine.frames);
  const half = source.engine.frames / 2;
  expect(
    source.painted.among([
      [0, half],
      [half, half],
    ]),
  ).toEqual(source.painted.counts);
  expect(source.painted.among([])).toEqual(STATES.map(() => 0));
});
