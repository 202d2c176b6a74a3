import { describe, expect, test } from 'vitest';
import { KERNELS, OPS } from '../../src/generated/tables.ts';
import { kindOf, mayFail, statement } from '../../src/ui/c-code.ts';

const text = (fields: Record<string, unknown>, binders = {}): string => statement(fields, binders).text;

test('a result goes into what the run calls it, or into a variable of its kind', () => {
  const call = { op: '__get_free_pages', gfp: 'GFP_KERNEL', order: 3 };
  expect(text({ ...call, as: 'buf' })).toBe('buf = __get_free_pages(GFP_KERNEL, 3);');
  expect(text(call)).toBe('addr = __get_free_pages(GFP_KERNEL, 3);');
  expect(text({ op: 'alloc_pages', gfp: 'GFP_KERNEL|__GFP_COLD', order: 0 })).toBe(
    'page = alloc_pages(GFP_KERNEL | __GFP_COLD, 0);',
  );
  expect(text({ op: 'boot' })).toBe('boot();');
  expect(text({ op: 'nonsense' })).toBe('');
});

test('nodes and defaults are written where they are meant', () => {
  expect(text({ op: 'alloc_pages', gfp: 'GFP_DMA', order: 1, node: -1 })).toBe('page = alloc_pages(GFP_DMA, 1);');
  expect(text({ op: 'alloc_pages', gfp: 'GFP_DMA', order: 1, node: 1 })).toBe('page = alloc_pages(GFP_DMA, 1, 1);');
  expect(text({ op: 'alloc_pages_node', node: 0, gfp: 'GFP_DMA', order: 1 })).toBe(
    'page = alloc_pages_node(0, GFP_DMA, 1);',
  );
  expect(text({ op: 'alloc_bootmem', size: 64, align: 32, goal: 0 })).toBe('table = alloc_bootmem(64, 32, 0x0);');
  expect(text({ op: 'alloc_bootmem', size: 64, goal: null })).toBe('table = alloc_bootmem(64, 32, 0);');
  expect(text({ op: 'alloc_bootmem', size: 64, align: 32, goal: 16777216 })).toBe('table = alloc_bootmem(64);');
  expect(text({ op: 'free_area_init', start_pfn: 0, sizes: [9, 0, 0] })).toBe('free_area_init(0, {9, 0, 0});');
});

describe('a name is what it is, wherever it is used', () => {
  const binders = { page: 'alloc_pages', buf: '__get_free_pages', table: 'alloc_bootmem' };
  test.each([
    [{ op: '__free_pages', pfn: 'page', order: 0 }, '__free_pages(page, 0);'],
    [{ op: '__free_pages', page: 'page+4', order: 0 }, '__free_pages(page + 4, 0);'],
    [{ op: '__free_page', pfn: 'buf' }, '__free_page(virt_to_page(buf));'],
    [{ op: '__free_page', pfn: 'buf+2' }, '__free_page(virt_to_page(buf) + 2);'],
    [{ op: 'get_page', pfn: 4096 }, 'get_page(pfn_to_page(0x1000));'],
    [{ op: 'free_pages', addr: 'buf', order: 3 }, 'free_pages(buf, 3);'],
    [{ op: 'free_pages', addr: 'buf+1', order: 0 }, 'free_pages(buf + PAGE_SIZE, 0);'],
    [{ op: 'free_pages', addr: 'buf+4', order: 0 }, 'free_pages(buf + 4 * PAGE_SIZE, 0);'],
    [{ op: 'free_page', addr: 'page+1' }, 'free_page((unsigned long)page_address(page + 1));'],
    [{ op: 'free_page', addr: 'table' }, 'free_page((unsigned long)table);'],
    [{ op: 'free_page', addr: 0x5000 }, 'free_page((unsigned long)__va(0x5000));'],
    [{ op: 'free_page', addr: null }, 'free_page(0);'],
    [{ op: 'free_bootmem', addr: 'table+1', size: 64 }, 'free_bootmem(__pa(table + PAGE_SIZE), 64);'],
    [{ op: 'free_bootmem', addr: 0x5000, size: 64 }, 'free_bootmem(0x5000, 64);'],
    [{ op: 'reserve_bootmem', node: 1, addr: 'page', size: 64 }, 'reserve_bootmem(1, page_to_phys(page), 64);'],
  ])('%j', (fields, code) => expect(text(fields, binders)).toBe(code));
});

test('a pagevec by what is in it, a setting as it is set', () => {
  expect(statement({ op: 'pagevec_free', pfns: ['a', 'b+1', 7], cold: 1 })).toEqual({
    text: 'pagevec_free(&pvec);',
    note: 'pvec: a, b + 1, pfn_to_page(0x7); cold',
    variable: '',
  });
  expect(text({ op: 'sysctl', name: 'min_free_kbytes', value: 512 })).toBe('echo 512 > /proc/sys/vm/min_free_kbytes');
});

test('who may get nothing must look; the boot allocator never gives nothing', () => {
  const failing = OPS.filter(mayFail).map(({ name }) => name);
  expect(failing).toContain('__get_free_pages');
  expect(failing).toContain('alloc_page');
  expect(failing.filter((name) => /boot|free_page$|free_pages$/.test(name) && !name.includes('get_free'))).toEqual([]);
  expect(kindOf('alloc_bootmem_low')).toBe('boot');
});

test('every call of every kernel can be written', () => {
  for (const { ops } of KERNELS) for (const op of ops) expect(text({ op })).toContain(op === 'sysctl' ? 'echo' : op);
});
