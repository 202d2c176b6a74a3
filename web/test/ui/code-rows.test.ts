import { expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import { OPS } from '../../src/generated/tables.ts';
import type { KernelInfo } from '../../src/protocol.ts';
import { beside, CodeRows, declarations, partText } from '../../src/ui/code-rows.ts';
import { calls } from '../../src/words/calls.en.ts';
import { bytesOf, engineModule } from '../core/helpers.ts';

const kind = (name: string): number => OPS.findIndex((op) => op.name === name);
const HEADER =
  '{"format":"pageframe-run/1","kernel":"linux-2.4.20","machine":{"nodes":[{"start_pfn":0,"pages":4096}]}}';

async function sourceOf(lines: readonly object[]) {
  const text = [HEADER, ...lines.map((line) => JSON.stringify(line))].join('\n');
  return openRun(await engineModule(), 'a.jsonl', new TextEncoder().encode(text));
}

/** The whole function, each row with what stands beside it. */
async function program(lines: readonly object[]): Promise<string[]> {
  const source = await sourceOf(lines);
  const rows = new CodeRows('eight pages', source.kinds(), source.unnamed(), source.allNames());
  const told = source.code(0, lines.length);
  return Array.from({ length: rows.total }, (_, i) => {
    const row = rows.at(i);
    if ('text' in row) return row.text;
    const entry = told[row.entry];
    if (!entry) throw new Error(`no entry ${row.entry}`);
    const said = beside(entry, source.kernel, calls.outcomes, row.part).text;
    return partText(entry, row.part, source.kernel) + (said && ` /* ${said} */`);
  });
}

test('eight pages, as a driver would ask for them', async () => {
  const lines = await program([
    { op: 'boot' },
    { op: '__get_free_pages', gfp: 'GFP_KERNEL', order: 3, as: 'page' },
    { op: 'free_pages', addr: 'page', order: 3 },
  ]);
  expect(lines).toEqual([
    '/* eight pages */',
    'int run(void)',
    '{',
    '\tunsigned long page;',
    '',
    '\tboot();',
    '\tpage = __get_free_pages(GFP_KERNEL, 3); /* 0xc0038000 */',
    '\tif (!page)',
    '\t\treturn -ENOMEM;',
    '\tfree_pages(page, 3);',
    '',
    '\treturn 0;',
    '}',
  ]);
});

test('what went wrong stands beside the line, and where the caller goes out', async () => {
  const lines = await program([
    { op: 'init_bootmem', mapstart: 1, start: 0, end: 4096 },
    { op: 'free_bootmem', addr: 0, size: 4096 },
    { op: 'free_bootmem', addr: 0, size: 4096 },
    { op: 'alloc_page', gfp: 'GFP_KERNEL', as: 'lost' },
    { op: '__free_page', pfn: 'lost' },
  ]);
  expect(lines.slice(6, -3)).toEqual([
    '\tbytes = init_bootmem(1, 0, 4096); /* 512 */',
    '\tfree_bootmem(0x0, 4096);',
    '\tfree_bootmem(0x0, 4096); /* BUG: page is already free */',
    '\tlost = alloc_page(GFP_KERNEL); /* NULL */',
    '\tif (!lost)',
    '\t\treturn -ENOMEM; /* NULL: the caller goes out here */',
    '\t__free_page(lost); /* its name is NULL: nothing to do */',
  ]);
});

test('every row of every shipped run can be written', async () => {
  for (const name of ['misuse', 'two-nodes', 'hot-and-cold', 'two-cpus', 'protection', 'misuse-caught']) {
    const path = `web/public/examples/${name}.jsonl`;
    const source = await openRun(await engineModule(), path, bytesOf(path));
    const rows = new CodeRows(name, source.kinds(), source.unnamed(), source.allNames());
    for (const told of source.code(0, source.length)) {
      const text = partText(told, 0, source.kernel as KernelInfo);
      expect(text).toMatch(/^\t(?:\/\* .* \*\/|.*;)$/);
      expect(rows.at(rows.rowOf(told.entry))).toEqual({ entry: told.entry, part: 0 });
    }
  }
});

test('declarations: each name once, by its type, on lines that end', () => {
  const names = [
    { name: 'buf', op: '__get_free_pages', entry: 0 },
    { name: 'a', op: 'alloc_page', entry: 1 },
    { name: 'b', op: 'alloc_pages', entry: 2 },
    { name: 'bitmap', op: 'alloc_bootmem', entry: 3 },
  ];
  const unnamed = ['alloc_page', 'init_bootmem', 'put_page_testzero', 'get_page', 'alloc_bootmem'].map(kind);
  expect(declarations(unnamed, names)).toEqual([
    '\tunsigned long buf, bytes;',
    '\tstruct page *a, *b, *page;',
    '\tvoid *bitmap, *table;',
    '\tint zero;',
  ]);
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `page${i}`, op: 'alloc_page', entry: i }));
  const long = declarations([], many);
  expect(long.length).toBeGreaterThan(3);
  expect(long.join(' ').match(/page\d+/g)).toHaveLength(40);
  for (const line of long) expect(line).toMatch(/^\tstruct page \*page\d+(, \*page\d+)*;$/);
});

test('of a hundred thousand lines each row is found without the others', () => {
  const kinds = new Uint8Array(100_000).map((_, i) => kind(i % 2 === 0 ? 'alloc_page' : '__free_page'));
  const rows = new CodeRows('long', kinds, [], []);
  const head = rows.rowOf(0);
  expect(rows.total).toBe(head + 200_000 + 3);
  expect(rows.rowOf(50_000)).toBe(head + 100_000);
  expect(rows.at(head + 100_002)).toEqual({ entry: 50_000, part: 2 });
  expect(rows.at(head + 100_003)).toEqual({ entry: 50_001, part: 0 });
  expect(rows.entryAt(0)).toBe(0);
  expect(rows.entryAt(rows.total)).toBe(100_000);
  expect(rows.at(rows.total - 1)).toEqual({ text: '}' });
});
