import { describe, expect, test } from 'vitest';
import { openRun, readRunFile } from '../../src/core/index.ts';
import { KERNELS } from '../../src/generated/tables.ts';
import {
  checkForm,
  type Form,
  formatMachine,
  formatSize,
  formOf,
  isPreset,
  type Machine,
  PRESETS,
  parseMachine,
  parseSize,
} from '../../src/ui/machine.ts';
import { kernelOf, kernelRun, machineRun, portable } from '../../src/ui/machine-run.ts';
import { bytesOf, EXAMPLE, engineModule } from '../core/helpers.ts';

const KERNEL = 'linux-2.4.20';
const text = (path: string): string => new TextDecoder().decode(bytesOf(path));
const own: Machine = {
  nodes: [
    { start_pfn: 0, pages: 1024 },
    { start_pfn: 4096, pages: 512 },
  ],
  memory: [],
  reserved: [[0, 8192]],
  cpus: 1,
  bits: 32,
};

test.each<[string, number | null]>([
  ['0', 0],
  ['64 MiB', 64 << 20],
  ['640K', 640 << 10],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['0x100000', 1 << 20],
  ['16 МиБ', 16 << 20],
  ['64', null],
  ['', null],
  ['-1 MiB', null],
  ['0.3 KiB', null],
  ['5 apples', null],
])('%s is a size of %s bytes', (given, bytes) => {
  expect(parseSize(given)).toBe(bytes);
  if (bytes !== null) expect(parseSize(formatSize(bytes))).toBe(bytes);
});

describe('the form', () => {
  const form = (nodes: [string, string][], reserved: [string, string][] = []): Form => ({
    nodes: nodes.map(([start, size]) => ({ start, size })),
    reserved: reserved.map(([start, size]) => ({ start, size })),
    cpus: '1',
    bits: 32,
  });

  test('a machine that can be', () => {
    expect(checkForm(formOf(own))).toEqual({ machine: own, errors: {} });
  });

  test.each<[string, Form, Record<string, string>]>([
    ['a size without unit', form([['0', '64']]), { 'nodes.0.size': 'size' }],
    ['half a page', form([['2K', '64M']]), { 'nodes.0.start': 'aligned' }],
    ['nothing', form([['0', '0']]), { 'nodes.0.size': 'empty' }],
    [
      'two nodes in one place',
      form([
        ['0', '8M'],
        ['4M', '8M'],
      ]),
      { 'nodes.1.start': 'overlap' },
    ],
    ['more than 32 bits', form([['3G', '2G']]), { 'nodes.0.size': 'end' }],
    ['a reserved range of nothing', form([['0', '8M']], [['1M', '']]), { 'reserved.0.size': 'size' }],
    ['no CPU', { ...form([['0', '8M']]), cpus: '0' }, { cpus: 'cpus' }],
    ['more CPUs than there can be', { ...form([['0', '8M']]), cpus: '257' }, { cpus: 'cpus' }],
  ])('%s is refused at its field', (_name, given, errors) => {
    expect(checkForm(given)).toEqual({ machine: null, errors });
  });

  test('64 bits reach further', () => {
    expect(checkForm({ ...form([['3G', '2G']]), bits: 64 }).machine?.nodes).toEqual([
      { start_pfn: 0xc0000, pages: 0x80000 },
    ]);
  });
});

test('a link holds a machine', () => {
  expect(formatMachine(own)).toBe('0+400,1000+200;0+2000');
  expect(parseMachine(formatMachine(own))).toEqual(own);
  for (const other of [
    { ...own, cpus: 4 },
    { ...own, reserved: [], bits: 64 as const },
    { ...own, nodes: [{ start_pfn: 0, pages: 2 ** 24 }], bits: 64 as const },
  ])
    expect(parseMachine(formatMachine(other))).toEqual(other);
  expect(formatMachine({ ...own, reserved: [], cpus: 2, bits: 64 })).toBe('0+400,1000+200;;2x64');
  for (const [id, machine] of Object.entries(PRESETS)) expect(isPreset(id) && parseMachine(id)).toBe(machine);
  for (const bad of [
    '',
    'pc-7',
    '0+0',
    '10+10,0+10',
    '0+200000',
    '0+400;0+0',
    '__proto__',
    '0+zz',
    '0',
    '0+400;;0x32',
    '0+400;;2x48',
    '0+400;;257x64',
  ])
    expect(parseMachine(bad), bad).toBeNull();
});

describe('a run on another kernel', () => {
  const header = '{"format":"golden/1","kernel":"linux-2.4.20","max_order":10,"cpus":2,"memory":[[0,1048576]]}';

  test('keeps its machine, and what it named', () => {
    const run = `${header}\n{"op":"boot"}\n{"op":"alloc_page","gfp":"GFP_KERNEL","as":"a","ret":7,"cpu":1}\n`;
    expect(
      kernelRun(run, 'linux-9')
        ?.trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { format: 'golden/1', kernel: 'linux-9', cpus: 2, memory: [[0, 1048576]] },
      { op: 'boot' },
      { op: 'alloc_page', gfp: 'GFP_KERNEL', as: 'a', cpu: 1 },
    ]);
    expect(kernelOf(run)).toBe('linux-2.4.20');
    expect(kernelOf('hello')).toBe('');
  });

  test('a boot by hand goes along: its addresses are the machine, not a kernel', () => {
    expect(kernelRun(text(EXAMPLE), 'linux-9')).not.toBeNull();
    expect(portable(text(EXAMPLE), 1)).toBeNull();
  });

  test.each([
    ['begins in the middle', '{"op":"free_area_init","start_pfn":0,"sizes":[64,0,0]}'],
    ['frees by number', '{"op":"boot"}\n{"op":"__free_pages","page":7,"order":0}'],
    ['frees an address', '{"op":"boot"}\n{"op":"free_pages","addr":4096,"order":0}'],
    ['frees one of several by number', '{"op":"boot"}\n{"op":"pagevec_free","pfns":["a",7]}'],
    ['does nothing', ''],
  ])('one that %s stays where it is', (_name, ops) => {
    expect(kernelRun(`${header}\n${ops}\n`, 'linux-9')).toBeNull();
  });
});

describe('the run', () => {
  const machines = KERNELS.flatMap(({ name }) =>
    Object.entries(PRESETS).map(([id, made]) => [id, name, made] as const),
  );
  test.each(machines)('of %s on %s is read, boots, allocates and frees', async (_id, kernel, machine) => {
    const run = machineRun(machine, kernel, 'About', null);
    const file = readRunFile('run.jsonl', run);
    expect(file.machine.nodes).toEqual(machine.nodes);
    expect(file.machine.memory.map(({ addr, size, node }) => [addr, size, node])).toEqual(machine.memory);
    const source = await openRun(await engineModule(), 'run.jsonl', new TextEncoder().encode(run));
    expect([...source.describe().outcomes]).toEqual([0, 0, 0]);
    expect(source.at(source.length, 0, false).troublesTotal).toBe(0);
  });

  test('of a machine with 64 bits and four CPUs has them', async () => {
    const wide = KERNELS.find(({ mayBe64Bit }) => mayBe64Bit)?.name ?? '';
    const run = machineRun({ ...PRESETS['pc-16'], cpus: 4, bits: 64 }, wide, 'About', null);
    const source = await openRun(await engineModule(), 'run.jsonl', new TextEncoder().encode(run));
    expect(source.describe().kernel).toMatchObject({ bitsPerLong: 64, pageOffset: 0 });
    expect(new Set(source.at(3, 0, false).zones[0]?.pcp.map(({ cpu }) => cpu)).size).toBe(4);
    expect([...source.describe().outcomes]).toEqual([0, 0, 0]);
  });

  /** Does the run ask for a call that the kernel does not have? */
  function lacks(run: string, kernel: string): boolean {
    const known = new Set<string>(['check', ...(KERNELS.find(({ name }) => name === kernel)?.ops ?? [])]);
    const lines = run.trim().split('\n').slice(1);
    return lines.some((line) => !known.has((JSON.parse(line) as { op: string }).op));
  }

  test.each(KERNELS.map(({ name }) => name))(
    'that ships and boots opens on %s, or says what is lacking',
    async (kernel) => {
      for (const run of ['boot-and-eight-pages', 'misuse', 'two-nodes', 'two-cpus', 'hot-and-cold']) {
        const carried = kernelRun(text(`web/public/examples/${run}.jsonl`), kernel) ?? '';
        const opened = openRun(await engineModule(), 'run.jsonl', new TextEncoder().encode(carried));
        if (lacks(carried, kernel))
          await expect(opened).rejects.toThrow(/expected (an operation|flag names) of linux-.*, found "/);
        else expect((await opened).length).toBeGreaterThan(0);
      }
    },
  );

  test('keeps operations that make sense on any machine, without what another machine answered', () => {
    const run = `{"format":"pageframe-run/1"}\n{"op":"boot"}\n{"op":"alloc_pages","gfp":"GFP_KERNEL","order":1,"as":"a","ret":7}\n{"op":"check"}\n{"op":"__free_pages","pfn":"a+1","order":0}\n`;
    expect(portable(run, 1)).toEqual([
      { op: 'boot' },
      { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 1, as: 'a' },
      { op: '__free_pages', pfn: 'a+1', order: 0 },
    ]);
    const file = readRunFile('run.jsonl', machineRun(own, KERNEL, 'About', run));
    expect(file.ops).toHaveLength(3);
    expect(file.machine.reserved.map(({ addr, size }) => [addr, size])).toEqual([[0, 8192]]);
  });

  test.each([
    ['does not boot', '{"op":"alloc_pages","gfp":"GFP_KERNEL","order":0,"as":"a"}'],
    ['frees by number', '{"op":"boot"}\n{"op":"__free_pages","pfn":7,"order":0}'],
    ['frees by number, as recordings call it', '{"op":"boot"}\n{"op":"__free_pages","page":7,"order":0}'],
    ['needs another node', '{"op":"boot"}\n{"op":"alloc_pages_node","node":1,"gfp":"GFP_KERNEL","order":0}'],
    ['needs another CPU', '{"op":"boot"}\n{"op":"alloc_page","gfp":"GFP_KERNEL","cpu":1}'],
    ['is no run', '{"op":"boot"}\nhello'],
  ])('one that %s makes way for a short scenario', (_name, ops) => {
    const run = `{"format":"pageframe-run/1"}\n${ops}\n`;
    expect(portable(run, 1)).toBeNull();
    expect(readRunFile('run.jsonl', machineRun(PRESETS['pc-16'], KERNEL, 'About', run)).ops).toHaveLength(3);
  });

  test('of the runs that ship with the page, those that boot go anywhere', () => {
    expect(portable(text(EXAMPLE), 1)).toBeNull();
    expect(portable(text('web/public/examples/misuse.jsonl'), 1)).not.toBeNull();
    expect(portable(text('web/public/examples/two-nodes.jsonl'), 2)).not.toBeNull();
    expect(portable(text('web/public/examples/two-nodes.jsonl'), 1)).toBeNull();
  });
});
