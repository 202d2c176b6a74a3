import { describe, expect, test } from 'vitest';
import { readRunFile } from '../../src/core/index.ts';
import { kernelInfo } from '../../src/core/kernel.ts';
import { KERNELS, OPS, type OpName } from '../../src/generated/tables.ts';
import type { KernelInfo } from '../../src/protocol.ts';
import {
  argsOf,
  cpusOf,
  EMPTY,
  type Form,
  fieldsOfForm,
  freshName,
  GROUPS,
  groupOf,
  lastOfKind,
  toggled,
} from '../../src/ui/call-fields.ts';
import { calls as en } from '../../src/words/calls.en.ts';
import { calls as ru } from '../../src/words/calls.ru.ts';

function kernel(part: { name?: string; cpus?: number } = {}): KernelInfo {
  const { name = 'linux-2.6.10', cpus = 1 } = part;
  const table = KERNELS.find((known) => known.name === name);
  if (!table) throw new Error(`there is no ${name}`);
  return kernelInfo(table, { nodes: [{ start_pfn: 0, pages: 4096 }], cpus, bitsPerLong: 0 });
}
const form = (part: Partial<Form>): Form => ({ ...EMPTY, ...part });
const fields = (op: OpName, values: Record<string, string>, part: Partial<Form> = {}): Record<string, unknown> =>
  fieldsOfForm(form({ op, values, ...part }), kernel());

describe('what is typed becomes what the run file says', () => {
  test.each<[OpName, Record<string, string>, Record<string, unknown>]>([
    ['__free_pages', { pfn: 'buf + 4', order: '2' }, { pfn: 'buf+4', order: 2 }],
    ['__free_pages', { pfn: '0x1f8', order: ' 0 ' }, { pfn: 0x1f8, order: 0 }],
    ['__free_pages', { pfn: '', order: 'three' }, { order: 'three' }],
    ['free_pages', { addr: 'NULL', order: '0' }, { addr: null, order: 0 }],
    ['free_page', { addr: '0xc01f8000' }, { addr: 0x1f8000 }],
    ['free_page', { addr: '0x1f8000' }, { addr: 0x1f8000 }],
    ['free_bootmem', { addr: '0xc01f8000', size: '4 KiB' }, { addr: 0xc01f8000, size: 4096 }],
    ['alloc_bootmem', { size: '64 КиБ', align: '', goal: '' }, { size: 65536 }],
    ['alloc_bootmem', { size: '5 apples' }, { size: '5 apples' }],
    ['free_area_init', { start_pfn: '0', sizes: '4096, 0 0' }, { start_pfn: 0, sizes: [4096, 0, 0] }],
    ['pagevec_free', { pfns: 'a, b+1 0x7', cold: '1' }, { pfns: ['a', 'b+1', 7], cold: 1 }],
    ['free_boot_range', { start: '0', end: '9' }, { start: 0, end: 9, dir: 'up' }],
    ['sysctl', { value: '512' }, { name: 'min_free_kbytes', value: 512 }],
    ['alloc_pages_node', { order: '1' }, { node: 0, gfp: 'GFP_KERNEL', order: 1 }],
  ])('%s %j', (op, values, expected) => expect(fields(op, values)).toEqual({ op, ...expected }));

  test('the caller and the name, where they mean something', () => {
    const part: Partial<Form> = { as: ' page ', task: 'rt', irq: true, cpu: 1, gfp: [] };
    const two = kernel({ cpus: 2 });
    expect(cpusOf(two)).toBe(2);
    expect(fieldsOfForm(form({ op: 'alloc_page', ...part }), two)).toEqual({
      op: 'alloc_page',
      gfp: '0',
      cpu: 1,
      task: 'rt',
      irq: true,
      as: 'page',
    });
    expect(fields('get_page', { pfn: '1' }, part)).toEqual({ op: 'get_page', pfn: 1 });
  });
});

test('flags come and go in the order of the kernel, and read as a mask', () => {
  const gfp = toggled(toggled(['GFP_KERNEL'], '__GFP_NOWARN', 'linux-2.6.10'), '__GFP_COLD', 'linux-2.6.10');
  expect(gfp).toEqual(['GFP_KERNEL', '__GFP_COLD', '__GFP_NOWARN']);
  expect(toggled(gfp, '__GFP_COLD', 'linux-2.6.10')).toEqual(['GFP_KERNEL', '__GFP_NOWARN']);
  expect(fields('alloc_page', {}, { gfp })).toEqual({ op: 'alloc_page', gfp: 'GFP_KERNEL|__GFP_COLD|__GFP_NOWARN' });
});

test('a name for the result is one that means nothing yet', () => {
  const names = ['page', 'page2', 'buf'].map((name, entry) => ({ name, op: 'alloc_page', entry }));
  expect(freshName('alloc_pages', names)).toBe('page3');
  expect(freshName('__get_free_pages', names)).toBe('buf2');
  expect(freshName('alloc_bootmem_low', names)).toBe('table');
  expect(freshName('free_pages', names)).toBe('');
});

test('what is given back first is what was taken last, of the kind that the call takes', () => {
  const names = [
    { name: 'page', op: 'alloc_page', entry: 3 },
    { name: 'table', op: 'alloc_bootmem', entry: 2 },
    { name: 'buf', op: '__get_free_pages', entry: 1 },
  ];
  const last = (op: OpName): string => {
    const arg = argsOf(op).find(({ type }) => type === 'PFN' || type === 'ADDR');
    return arg ? lastOfKind(arg, op, names) : '';
  };
  expect(last('__free_pages')).toBe('page');
  expect(last('free_pages')).toBe('buf');
  expect(last('free_bootmem')).toBe('table');
});

test('every call of every kernel stands in the menu, and has its words', () => {
  for (const { ops } of KERNELS) for (const op of ops) expect(GROUPS).toContain(groupOf(op));
  expect(groupOf('alloc_pages_bulk')).toBe('pages');
  expect(groupOf('memblock_free_all')).toBe('boot');
  expect(groupOf('set_min_free_kbytes')).toBe('percpu');
  const types = new Set(OPS.flatMap(({ args }) => args.map(({ type }) => type)));
  const names = new Set(OPS.flatMap(({ args }) => args.map(({ name }) => name)));
  for (const words of [en, ru]) {
    for (const type of types) expect(words.errors[type](0, 31, '"x"')).toMatch(/"x"|\d/);
    for (const name of names) expect(words.args[name], name).toBeTruthy();
  }
  expect(Object.keys(ru.errors).sort()).toEqual(Object.keys(en.errors).sort());
  expect(ru.inPast(0, 1)).toContain('1\u00a0операция');
  expect(ru.forked(6, 22, false)).toContain('22\u00a0операции');
  expect(en.inPast(6, 1)).toContain('The operation that followed is kept.');
});

test('a form that is filled makes a line that the reader takes', () => {
  const values = {
    pfn: '1',
    addr: '0x1000',
    order: '0',
    size: '64',
    mapstart: '1',
    start: '0',
    end: '9',
    value: '9',
    n: '3',
  };
  const more = { start_pfn: '0', sizes: '9 0 0', pfns: '1 2', node: '' };
  for (const { name, ops } of KERNELS) {
    const header = { format: 'pageframe-run/1', kernel: name, machine: { nodes: [{ start_pfn: 0, pages: 64 }] } };
    for (const op of ops) {
      const line = fieldsOfForm(form({ op, values: { ...values, ...more }, as: 'x' }), kernel({ name }));
      const read = readRunFile('a', `${JSON.stringify(header)}\n${JSON.stringify(line)}`);
      expect(OPS[read.ops[0]?.kind ?? 0]?.name).toBe(op);
    }
  }
});
