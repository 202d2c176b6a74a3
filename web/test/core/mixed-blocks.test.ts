import { describe, expect, test } from 'vitest';
import { Comparison } from '../../src/core/compare.ts';
import { openRun, type Source } from '../../src/core/index.ts';
import { MixedBlocks } from '../../src/core/mixed-blocks.ts';
import { KERNELS, OUTCOMES } from '../../src/generated/tables.ts';
import { unusableOver } from '../../src/ui/chart-data.ts';
import { bytesOf, engineModule } from './helpers.ts';

const module = await engineModule();
const NAMES = KERNELS.map(({ name }) => name);
const MOVABLE = 'GFP_KERNEL|__GFP_MOVABLE';

/** A machine of 8 MiB: 16 blocks of 512 frames. */
const HEADER = {
  format: 'pageframe-run/1',
  kernel: NAMES[0],
  machine: { nodes: [{ start_pfn: 0, pages: 8192 }] },
  reserved: [[0, 4096]],
};
const alloc = (as: string, gfp: string, order: number): object => ({ op: 'alloc_pages', gfp, order, as });
const free = (pfn: string, order: number): object => ({ op: '__free_pages', pfn, order });

const openOn = (kernel: string, ops: object[]): Promise<Source> =>
  openRun(
    module,
    'run.jsonl',
    new TextEncoder().encode([HEADER, { op: 'boot' }, ...ops].map((line) => `${JSON.stringify(line)}\n`).join('')),
    kernel,
  );

/** Mixed blocks after each entry. */
function mixed(source: Source): number[] {
  const comparison = new Comparison(source, []);
  while (comparison.advance(7));
  return [...(comparison.mixedOverTime()[0]?.counts ?? [])];
}

describe.each(NAMES)('%s', (kernel) => {
  test('a block is mixed while somebody has a part of it who did not say that it can be moved', async () => {
    const ops = [alloc('a', MOVABLE, 3), alloc('b', 'GFP_KERNEL', 3), free('b', 3), free('a', 3)];
    expect(mixed(await openOn(kernel, ops))).toEqual([0, 0, 0, 1, 0, 0]);
  });

  test('a whole block of unmovable frames is not mixed', async () => {
    expect(mixed(await openOn(kernel, [alloc('a', 'GFP_KERNEL', 9), alloc('b', MOVABLE, 9)]))).toEqual([0, 0, 0, 0]);
  });

  test('counted along or from the state at a place, it is the same', async () => {
    const ops = Array.from({ length: 60 }, (_, i) => [
      alloc(`m${i}`, MOVABLE, i % 5),
      alloc(`u${i}`, 'GFP_KERNEL', i % 4),
      ...(i % 3 > 0 ? [free(`${i % 2 > 0 ? 'm' : 'u'}${i >> 1}`, (i >> 1) % (i % 2 > 0 ? 5 : 4))] : []),
    ]).flat();
    const source = await openOn(kernel, ops);
    const along = mixed(source);
    const anew = Array.from(along, (_, entry) => new MixedBlocks(source, entry).overTime().counts[0]);
    expect(along).toEqual(anew);
    expect(Math.max(...along)).toBeGreaterThan(0);
  });
});

test('the supplied run: why large requests fail in two kernels, and not in the third', async () => {
  const bytes = bytesOf('web/public/examples/three-eras.jsonl');
  const [here, ...others] = await Promise.all(NAMES.map((name) => openRun(module, 'three-eras.jsonl', bytes, name)));
  const comparison = new Comparison(here as Source, others);
  while (comparison.advance(1000));
  const asked = 1952; // operations before the first request for 512 pages
  const over = comparison.mixedOverTime().map(({ places, counts }) => {
    const at = places.findLastIndex((place) => place <= asked);
    return [counts[at], counts.at(-1)];
  });
  expect(over).toEqual([
    [48, 0],
    [48, 0],
    [2, 0],
  ]);
  const unusable = [here, ...others].map((source) => {
    const memory = (source as Source).freeOverTime(null);
    return unusableOver(memory, 9)[memory.places.findLastIndex((place) => place <= asked)];
  });
  expect(unusable.slice(0, 2)).toEqual([1, 1]);
  expect(unusable[2]).toBeLessThan(0.2);
  const ends = comparison.at(asked).map((found) => found.find(({ kind }) => kind === 'outcome'));
  expect(ends[0]).toBeUndefined();
  expect(ends[1]).toMatchObject({ ends: [{ outcome: 'failed' }, { outcome: 'done' }] });
  const failed = [here, ...others].map(
    (source) => (source as Source).outcomes(0).filter((outcome) => OUTCOMES[outcome] === 'failed').length,
  );
  expect(failed).toEqual([8, 8, 0]);
});
