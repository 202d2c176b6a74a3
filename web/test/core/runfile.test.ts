import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, EVENT_BYTES, toJson } from '../../src/core/events.ts';
import { FileError, openRun, RunFileError, readRunFile, writeRunFile } from '../../src/core/index.ts';
import { CallReader } from '../../src/core/runfile.ts';
import { bytesOf, EXAMPLE, engineModule, inRepository } from './helpers.ts';

const folder = (name: string): string[] =>
  readdirSync(inRepository(`tests/runfiles/${name}`)).filter((file) => file.endsWith('.jsonl'));
const read = (path: string) => readRunFile('FILE', readFileSync(inRepository(path), 'utf8'));

function refusal(path: string): string {
  try {
    read(path);
  } catch (error) {
    expect(error).toBeInstanceOf(RunFileError);
    return (error as Error).message;
  }
  return 'no error';
}

describe('bad run files are refused in the words of docs/run-files.md', () => {
  test.each(folder('bad'))('%s', (file) => {
    const expected = readFileSync(inRepository(`tests/runfiles/bad/${file.replace(/jsonl$/, 'expected')}`), 'utf8');
    expect(refusal(`tests/runfiles/bad/${file}`)).toBe(`FILE:${expected.trimEnd()}`);
  });
});

describe('good run files', () => {
  test.each(folder('good'))('%s is read, and what is written of it reads as the same', (file) => {
    const run = read(`tests/runfiles/good/${file}`);
    const again = readRunFile('FILE', writeRunFile(run));
    const withoutLines = (ops: typeof run.ops) => ops.map((op) => ({ ...op, line: 0 }));
    expect(withoutLines(again.ops)).toEqual(withoutLines(run.ops));
    expect({ ...again, ops: 0, lines: 0 }).toEqual({ ...run, ops: 0, lines: 0 });
  });

  test('the page example names its eight pages', () => {
    const run = read(EXAMPLE);
    expect(run.names).toContain('buf');
    const freed = run.ops.at(-1);
    expect(freed).toMatchObject({ refs: 1, line: run.lines.length - 1 });
    expect(freed?.arg[0]).toBe(BigInt(run.names.indexOf('buf')));
  });
});

/** A run of linux-2.6.10 on 64 frames. */
function run26(header: object, ...ops: object[]) {
  const head = {
    format: 'pageframe-run/1',
    kernel: 'linux-2.6.10',
    machine: { nodes: [{ start_pfn: 0, pages: 64 }] },
    ...header,
  };
  return readRunFile('FILE', [head, ...ops].map((line) => JSON.stringify(line)).join('\n'));
}

test('a hint of another kernel is passed over, and said', () => {
  const [plain, hinted] = run26(
    {},
    { op: 'alloc_page', gfp: 'GFP_KERNEL' },
    { op: 'alloc_page', gfp: 'GFP_KERNEL|__GFP_MOVABLE' },
  ).ops;
  expect(hinted?.arg).toEqual(plain?.arg);
  expect([plain?.passedOver, hinted?.passedOver]).toEqual([undefined, '__GFP_MOVABLE']);
  const [heeded] = run26({ kernel: 'linux-6.1' }, { op: 'alloc_page', gfp: 'GFP_KERNEL|__GFP_MOVABLE' }).ops;
  expect(heeded?.passedOver).toBeUndefined();
});

describe('what linux-2.6.10 needs', () => {
  test('of the header: width, configuration, CPUs', () => {
    const config = { smp: true, numa: false, highmem: true, l1_cache_bytes: 32, sizeof_struct_page: 56 };
    expect(run26({ bits_per_long: 64, cpus: 2, config }).machine).toMatchObject({
      bitsPerLong: 64,
      cpus: 2,
      smp: true,
      sizeofStructPage: 56,
    });
    expect(run26({}).machine).toMatchObject({ bitsPerLong: 0, smp: false, sizeofStructPage: 0 });
    expect(() => run26({ bits_per_long: 16 })).toThrow('field "bits_per_long": expected 32 or 64, found 16');
    const far = { op: 'free_pages', addr: 2 ** 32, order: 0 };
    expect(run26({ bits_per_long: 64 }, far).ops[0]?.arg[0]).toBe(2n ** 32n);
    expect(() => run26({}, far)).toThrow('expected an address from 0 to 4294967295, a name or null, found 4294967296');
  });

  test('of the calls: arrays of frames, settings, who calls', () => {
    const alloc = { op: 'alloc_page', gfp: 'GFP_KERNEL', as: 'a', task: 'rt', irq: true };
    const run = run26({}, alloc, { op: 'pagevec_free', pfns: [5, 'a+2'], cold: 1 }, { op: 'pagevec_free', pfns: [] });
    const [first, some, none] = run.ops;
    const unused = 2n ** 64n - 1n;
    expect(first?.task).toBe(4 | 8);
    expect(some?.arg).toEqual([5n, 2n << 32n, ...new Array<bigint>(12).fill(unused), 1n, 0n]);
    expect(some?.refs).toBe(0b10);
    expect(none?.arg).toEqual([...new Array<bigint>(14).fill(unused), 0n, 0n]);
    const set = run26({}, { op: 'sysctl', name: 'lower_zone_protection', value: 3, zones: [], min_free_kbytes: 128 });
    expect(set.ops[0]?.arg.slice(0, 2)).toEqual([1n, 3n]);
  });

  test('a call that another made is kept and written again, but not carried out', async () => {
    const lines = [
      { op: 'init_bootmem', mapstart: 16, start: 0, end: 64 },
      { op: 'free_bootmem', addr: 0, size: 65536 },
      { op: 'free_area_init', start_pfn: 0, sizes: [64, 0, 0] },
      { op: 'alloc_bootmem', size: 2080, ret: 0, by: 'free_area_init' },
      { op: 'get_page', pfn: 3, by: 'kernel' },
    ];
    const run = run26({}, ...lines);
    expect(run.ops.map(({ by }) => by)).toEqual([null, null, null, 'free_area_init', null]);
    const written = writeRunFile(run).trimEnd().split('\n');
    expect(written.map((line) => (JSON.parse(line) as { by?: string }).by)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'free_area_init',
      'kernel',
    ]);
    const source = await openRun(await engineModule(), 'x', new TextEncoder().encode(written.join('\n')));
    expect(source.length).toBe(4);
    expect(source.at(4, 0, false).operation[0]).toMatchObject({ op: 'get_page' });
  });
});

describe('what linux-6.1 needs', () => {
  const head = { format: 'pageframe-run/1', kernel: 'linux-6.1', machine: { nodes: [{ start_pfn: 0, pages: 4096 }] } };
  const ranges = { memory: [[4096, 651264]], reserved: [[4096, 4096]] };
  const text = (...lines: object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');

  test('of the header: the CPUs of nodes, and as many of them in all', () => {
    const nodes = [
      { start_pfn: 0, pages: 64, cpus: [2, 0, 2] },
      { start_pfn: 64, pages: 64, cpus: [5] },
    ];
    const { machine } = readRunFile('FILE', text({ ...head, machine: { nodes } }));
    expect(machine).toMatchObject({ cpus: 6, nodes: [{ cpus: [0, 2] }, { cpus: [5] }] });
  });

  test('memory is told with the hand-over, and a later call can only repeat it', () => {
    const run = readRunFile('FILE', text(head, { op: 'memblock_free_all', ...ranges, ret: 158 }));
    expect(run.machine).toMatchObject({
      memory: [{ addr: 4096, size: 651264, node: 0 }],
      reserved: [{ addr: 4096, size: 4096 }],
    });
    const reader = new CallReader(run, 10, null);
    expect(reader.call(text({ op: 'memblock_free_all', ...ranges }), new Set()).kind).toBe(run.ops[0]?.kind);
    expect(() => reader.call(text({ op: 'memblock_free_all', memory: [[4096, 8192]] }), new Set())).toThrow(
      'field "memory": expected what the machine was made with, found an array of 1',
    );
  });

  test('a state is written again with its settings, and calls of the kernel as such', () => {
    const run = read('tests/runfiles/good/linux-6.1.jsonl');
    expect(run.state).toBe(2);
    expect(run.chosen).toEqual(['order', 'pcp']);
    expect(run.told.get(2)?.length).toBeGreaterThan(16);
    const written = writeRunFile(run).split('\n');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ min_free_kbytes: 128, watermark_scale_factor: 20 });
    expect(JSON.parse(written[0] ?? '')).not.toHaveProperty('watermark_boost_factor');
    expect(written[1]).toBe(run.lines[1]);
    expect(written.some((line) => line.includes('"by":"kernel"'))).toBe(true);
    expect(run.ops.find(({ task }) => (task & 16) !== 0)).toBeDefined();
  });

  test('frames that a state does not speak of count 1; where it tells counts, 0; reserved ones 1', () => {
    const told = read('tests/runfiles/good/linux-6.1.jsonl').told.get(2) ?? new Uint8Array();
    const records = new DataView(told.buffer, told.byteOffset, told.byteLength);
    const events = Array.from({ length: told.length / EVENT_BYTES }, (_, i) => decode(records, i * EVENT_BYTES));
    const counts = events.filter(({ kind }) => kind === 'counts_set').map(toJson);
    expect(counts.slice(0, 3)).toEqual([
      { kind: 'counts_set', pfn: 1, frames: 2047 },
      { kind: 'counts_set', pfn: 1, frames: 2, count: 1 },
      { kind: 'counts_set', pfn: 100, frames: 4, count: 2 },
    ]);
    expect(counts.at(-2)).toEqual({ kind: 'counts_set', pfn: 2048, frames: 1024, count: 1 });
  });

  test('a state is where the run begins', async () => {
    const lines = readFileSync(inRepository('tests/runfiles/good/linux-6.1.jsonl'), 'utf8').split('\n');
    const state = JSON.parse(lines[1] ?? '') as { zones: { pcp?: { other?: unknown }[] }[] };
    const opened = openRun(await engineModule(), 'x', new TextEncoder().encode(lines.slice(0, 2).join('\n')));
    const view = (await opened).at(0, 0, false);
    expect(view.zones.map(({ name, node }) => [node, name])).toEqual(state.zones.map((_, node) => [node, 'DMA']));
    expect(view.zones[0]).toMatchObject({
      boosted: true,
      boost: 512,
      managed: 2045,
      nr_free: [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
    });
    expect(view.zones[0]?.pcp[0]).toMatchObject({ count: 4, vm_stat_diff: 3, high: 42 });
    expect(view.zones.map(({ reclaim_active }) => reclaim_active)).toEqual([false, true]);
  });
});

test('what cannot be run is refused with its line', async () => {
  const module = await engineModule();
  const packed = bytesOf('tests/golden/linux-2.4.20/buddy-tiny.jsonl.gz');
  await expect(openRun(module, 'cut.gz', packed.slice(0, packed.length - 20))).rejects.toThrow(
    new FileError('cut.gz: the gzip data end too early'),
  );
  const damaged = packed.slice();
  damaged.fill(0xff, 40, 80);
  await expect(openRun(module, 'bent.gz', damaged)).rejects.toThrow(
    new FileError('bent.gz: the gzip data are damaged'),
  );
});

test('a good file may still meet an error when it runs: its line is named', async () => {
  const module = await engineModule();
  const run = (header: string, ops: string[]) =>
    openRun(module, 'x', new TextEncoder().encode([header, ...ops].join('\n')));
  const header =
    '{"format":"pageframe-run/1","kernel":"linux-2.4.20","cpus":256,"machine":{"nodes":[{"start_pfn":0,"pages":64}]}}';
  await expect(run(header, ['{"op":"free_boot_range","start":9,"end":8,"dir":"up"}'])).rejects.toThrow(
    new FileError('x:2: expected arguments that free_boot_range takes, found one out of its range'),
  );
  const outside = Array.from({ length: 1025 }, (_, i) => `{"op":"get_page","pfn":${1001 + i}}`);
  await expect(run(header, outside)).rejects.toThrow(
    new FileError('x:1026: expected few frames past the end of memory that keep a count, found more than 1024'),
  );
  const far = await run(
    header,
    outside.slice(1).map((line) => line.replace('}', ',"cpu":255}')),
  );
  expect(far.length).toBe(1024);
  expect(far.at(9, 0, false).operation[0]).toMatchObject({ kind: 'op_begin', cpu: 255 });
});

test('with "on_bug":"stop" the run ends at BUG()', async () => {
  const text = readFileSync(inRepository(EXAMPLE), 'utf8');
  const stopping = text.replace('"format"', '"on_bug":"stop","format"');
  const whole = await openRun(await engineModule(), 'x', new TextEncoder().encode(text));
  const cut = await openRun(await engineModule(), 'x', new TextEncoder().encode(stopping));
  const atBug = whole.at(whole.length, 0, false).console[0]?.entry;
  expect(cut.length).toBe((atBug ?? -2) + 1);
});
