import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { headOf, recogniseText, sortOut } from '../../src/ui/recognise.ts';

const TRACE = '# tracer: nop\n#\n  sh-94  [000] .....  4.27: mm_page_alloc: page=00000000ae15cbe6 pfn=0x2b22 order=1\n';
const FLAGS = '0 1 100000000\n1 9e 400\n9f 61 0\n';

test.each([
  ['run.jsonl', '{"format":"pageframe-run/1"}', 'run'],
  ['trace.txt', TRACE, 'trace'],
  ['kpageflags.start', FLAGS, 'start'],
  ['anything', '\uFEFF  {"format":1}', 'run'],
  ['broken.jsonl', 'this is no JSON', 'run'],
  ['broken.jsonl.gz', '', 'run'],
  ['empty', '', 'trace'],
  ['with-head', `# flags\n${FLAGS}`, 'start'],
])('%s is known by its content', (name, head, kind) => {
  expect(recogniseText(name, head)).toBe(kind);
});

test('a gzip file is looked into, also a damaged one', async () => {
  const whole = gzipSync(FLAGS);
  expect(await headOf(new Blob([new Uint8Array(whole)]))).toBe(FLAGS);
  expect(await headOf(new Blob([FLAGS]), 4)).toBe(FLAGS.slice(0, 4));
  await expect(headOf(new Blob([new Uint8Array(whole.subarray(0, 14))]))).resolves.toBeTypeOf('string');
});

test('a trace and its starting state are chosen together, in any order', () => {
  const start = { file: 'flags', kind: 'start' as const };
  const trace = { file: 'trace', kind: 'trace' as const };
  expect(sortOut([start, trace])).toEqual({ main: { file: 'trace', kind: 'trace' }, start: 'flags' });
  expect(sortOut([start])).toEqual({ main: null, start: null });
  expect(sortOut([{ file: 'run', kind: 'run' as const }, start])).toEqual({
    main: { file: 'run', kind: 'run' },
    start: null,
  });
});
