import { expect, test } from 'vitest';
import { formatBeside, parseBeside } from '../../src/core/beside.ts';
import { Comparison } from '../../src/core/compare.ts';
import { openRun } from '../../src/core/index.ts';
import { onMachine } from '../../src/ui/machine-run.ts';
import { loadWords } from '../../src/words/index.ts';
import { namesOf } from '../../src/words/sides.ts';
import { engineModule } from './helpers.ts';

const module = await engineModule();
const HEADER = {
  format: 'pageframe-run/1',
  kernel: 'linux-2.6.10',
  build: 'numa',
  config: { smp: true },
  machine: { nodes: [512, 512].map((pages, id) => ({ id, start_pfn: id * 512, pages })) },
  cpus: 2,
  about: 'a remark',
};
const OPS = [
  { op: 'boot' },
  { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 8, as: 'a' },
  { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 9, as: 'b' },
];
const textOf = (...ops: object[]): string => `\n${[HEADER, ...ops].map((line) => JSON.stringify(line)).join('\n')}\n`;
const openOn = (beside: string, text: string) => {
  const elsewhere = parseBeside(beside);
  if (!elsewhere) throw new Error(beside);
  const bytes = new TextEncoder().encode(onMachine(text, elsewhere.machine));
  return openRun(module, 'run.jsonl', bytes, elsewhere.kernel ?? HEADER.kernel);
};

test.each([
  ['linux-6.1', { kernel: 'linux-6.1', machine: null }],
  ['@pc-16', { kernel: null, machine: 'pc-16' }],
  ['linux-2.4.20@0+400;0+1000', { kernel: 'linux-2.4.20', machine: '0+400;0+1000' }],
])('%s is read and written', (text, elsewhere) => {
  expect(parseBeside(text)).toEqual(elsewhere);
  expect(formatBeside(elsewhere)).toBe(text);
});

test.each(['', '@', 'before', 'minix', 'linux-6.1@', '@pc-16@pc-64', '@0+0'])('"%s" is nothing that can be', (text) => {
  expect(parseBeside(text)).toBeNull();
});

test('the machine is another, all other lines stay where they are', () => {
  const text = textOf(...OPS);
  const there = onMachine(text, 'pc-16').split('\n');
  expect(there.toSpliced(1, 1)).toEqual(text.split('\n').toSpliced(1, 1));
  const header = JSON.parse(there[1] ?? '{}');
  expect(header).toMatchObject({ kernel: HEADER.kernel, about: HEADER.about, machine: { nodes: [{ pages: 4096 }] } });
  expect(Object.keys(header)).not.toContain('cpus');
  expect(Object.keys(header)).not.toContain('build');
});

test('what if there were more memory: what fails here succeeds there, and the sides are named by what differs', async () => {
  const text = textOf(...OPS);
  const here = await openRun(module, 'run.jsonl', new TextEncoder().encode(text));
  const others = [await openOn('@pc-16', text), await openOn('linux-6.1@pc-16', text)];
  const comparison = new Comparison(here, others);
  while (comparison.advance(64));
  const ends = comparison.at(2).map((found) => found.find((one) => one.kind === 'outcome')?.ends);
  for (const each of ends) expect(each).toMatchObject([{ outcome: 'failed' }, { outcome: 'done' }]);
  const names = namesOf(
    [here, ...others].map((source) => source.describe()),
    await loadWords('en'),
  );
  expect(names.map((name) => name.replaceAll('\u00a0', ' '))).toEqual([
    'linux-2.6.10 (4 MiB, 2 nodes, 2 CPUs)',
    'linux-2.6.10 (16 MiB)',
    'linux-6.1 (16 MiB)',
  ]);
});

test('where the run cannot be carried out, its own line says so', async () => {
  const text = textOf(...OPS, { op: 'alloc_page', gfp: 'GFP_KERNEL', cpu: 1 });
  await expect(openOn('@pc-16', text)).rejects.toThrow('run.jsonl:6: field "cpu": expected a CPU from 0 to 0, found 1');
  const onNode = textOf(...OPS, { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 0, node: 1 });
  await expect(openOn('@pc-16', onNode)).rejects.toThrow(
    'run.jsonl:6: field "node": expected a node from -1 to 0, found 1',
  );
});
