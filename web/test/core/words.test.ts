import { describe, expect, test } from 'vitest';
import { gfpNames } from '../../src/core/gfp.ts';
import { openRun } from '../../src/core/index.ts';
import { kernelInfo } from '../../src/core/kernel.ts';
import { BUGS, EVENTS, KERNELS, OPS } from '../../src/generated/tables.ts';
import type { Ev } from '../../src/protocol.ts';
import { describeAlone, describeOperation, loadWords, plain } from '../../src/words/index.ts';
import { p } from '../../src/words/parts.ts';
import { ui as uiEn } from '../../src/words/ui.en.ts';
import { ui as uiRu } from '../../src/words/ui.ru.ts';
import { bytesOf, EXAMPLE, engineModule } from './helpers.ts';

const MACHINE = { nodes: [{ start_pfn: 0, pages: 1024 }], cpus: 1, bitsPerLong: 0 };
const kernel = KERNELS[0] ? kernelInfo(KERNELS[0], MACHINE) : null;
const languages = ['en', 'ru'] as const;

function keys(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`));
}

test('both languages have the same keys', async () => {
  expect(keys(await loadWords('ru')).sort()).toEqual(keys(await loadWords('en')).sort());
  expect(keys(uiRu).sort()).toEqual(keys(uiEn).sort());
});

describe.each(languages)('%s', (language) => {
  test('every operation has a headline, every event a sentence, every BUG() a note', async () => {
    const words = await loadWords(language);
    for (const { name } of OPS.slice(1)) {
      const events: Ev[] = [
        { kind: 'op_begin', op: name, number: 1, cpu: 0, line: 0, task: 0 },
        { kind: 'op_end', outcome: 'done', result: 'none', lo: 0, hi: 0 },
      ];
      expect(plain(describeOperation(words, events, kernel).headline), name).toMatch(/^\S.{6,}\S$/);
    }
    for (const { name, fields } of EVENTS.slice(1)) {
      const zero: Record<string, string> = {
        OP: 'get_page',
        ARG: 'pfn',
        STATE: 'buddy',
        OUTCOME: 'done',
        RESULT: 'none',
        BUG: 'null pointer',
      };
      const event: Ev = {
        kind: name,
        ...Object.fromEntries(fields.map((field) => [field.name, zero[field.type] ?? 0])),
      };
      const sentence = plain(describeAlone(words, event, kernel));
      expect(sentence, name).toMatch(/^[\S].*[.:]/);
      expect(sentence, name).not.toMatch(/undefined|NaN|\[object/);
    }
    for (const text of BUGS.slice(1)) expect(words.bugs[text as keyof typeof words.bugs], text).toBeTruthy();
  });

  test('every step of the example is said in full', async () => {
    const words = await loadWords(language);
    const source = await openRun(await engineModule(), EXAMPLE, bytesOf(EXAMPLE));
    for (let entry = 1; entry <= source.length; entry++) {
      const view = source.at(entry, 0, false);
      const told = describeOperation(words, view.events, source.kernel, view.operation);
      expect(told.events).toHaveLength(view.events.length);
      for (const sentence of [told.headline, ...told.events]) {
        expect(plain(sentence)).toMatch(/[.]$/);
        expect(plain(sentence)).not.toMatch(/undefined|NaN|\[object| {2}/);
      }
    }
  });
});

async function headline(language: 'en' | 'ru', entry: number): Promise<string> {
  const source = await openRun(await engineModule(), EXAMPLE, bytesOf(EXAMPLE));
  const view = source.at(entry, 0, false);
  return plain(describeOperation(await loadWords(language), view.events, source.kernel, view.operation).headline);
}

test('what a teacher would point out is said', async () => {
  expect(await headline('en', 2)).toContain(
    'Bytes 0x97000 to 0x97bff are only part of frame 0x97, so its bit stays as it was.',
  );
  expect(await headline('en', 7)).toContain(
    'Bit 0x200 is already 0. That is a double free, and the kernel stops with BUG().',
  );
  expect(await headline('en', 12)).toContain('__get_free_pages(GFP_KERNEL, 3) asks for 2^3 = 8 contiguous frames.');
  expect(await headline('en', 12)).toContain(
    'split 4 times: each time the lower half goes back on a list and the upper half goes on',
  );
  expect(await headline('en', 13)).toContain('4 merges; then the next buddy is in use');
  expect(await headline('ru', 7)).toContain(
    'Бит 0x200 уже 0. Это двойное освобождение, и ядро останавливается по BUG().',
  );
});

/** What is said of the last operation of a run on a machine whose only node has 1024 frames. */
async function saidOf(language: 'en' | 'ru', first: number, ...ops: object[]): Promise<string> {
  const header = {
    format: 'pageframe-run/1',
    kernel: 'linux-2.4.20',
    machine: { nodes: [{ start_pfn: first, pages: 1024 }] },
  };
  const bytes = new TextEncoder().encode([header, ...ops].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const source = await openRun(await engineModule(), 'run.jsonl', bytes);
  const view = source.at(ops.length, 0, false);
  return plain(describeOperation(await loadWords(language), view.events, source.kernel, view.operation).headline);
}

const bitmap = (first: number): object[] => [
  { op: 'init_bootmem', mapstart: first, start: first, end: first + 1024 },
  { op: 'free_bootmem', addr: first * 4096, size: 4194304 },
];

test('what the boot allocator keeps to itself is said', async () => {
  const goal = await saidOf('en', 0, ...bitmap(0), { op: '__alloc_bootmem', size: 10, goal: 0x200000 });
  expect(goal).toContain('From bit 0x200 on, the first run of zeros that fits begins at frame 0x200.');
  const wiped = { op: '__alloc_bootmem', size: 4096, align: 0, goal: 0 };
  expect(await saidOf('en', 0, ...bitmap(0), wiped)).toContain('the zeros wipe it, and 0x0–0x3ff count as free.');
  expect(await saidOf('ru', 0, ...bitmap(0), wiped)).toContain('0x0–0x3ff считаются свободными.');
  const free = (addr: number, size: number): object[] => [...bitmap(5), { op: 'free_bootmem', addr, size }];
  expect(await saidOf('en', 5, ...free(0, 0x7000))).toContain('the range begins below the node');
  expect(await saidOf('en', 5, ...free(0x6000, 4294967295))).toContain('wraps around 2^32');
  expect(await saidOf('en', 5, ...free(0x6001, 4096))).toContain('no frame lies wholly inside the range');
});

test('the emergency reserve is told of where it has nothing, either', async () => {
  const all = { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 9, task: 'PF_MEMALLOC' };
  const zone = { op: 'free_area_init', start_pfn: 0, sizes: [0, 1024, 0] };
  const said = await saidOf('en', 0, zone, all);
  expect(said).toMatch(/it refuses\. A caller with PF_MEMALLOC .* no mark counts\. Zone Normal may give, but none/);
});

test('an argument keeps its place where one before it is left out', async () => {
  const call = { op: '__alloc_bootmem', size: 10, goal: 0 };
  expect(await saidOf('en', 0, ...bitmap(0), call)).toContain('__alloc_bootmem(10, 32, 0x0) asks');
  expect(await saidOf('en', 0, ...bitmap(0), { op: 'alloc_bootmem', size: 10 })).toContain('alloc_bootmem(10) asks');
});

test('Russian counts as Russians do', async () => {
  const words = await loadWords('ru');
  const said = (free_pages: number): string =>
    plain(describeAlone(words, { kind: 'free_pages_set', zone: 0, free_pages }, kernel)).replace(/^.* DMA /, '');
  expect([1, 2, 5, 11, 21, 22, 112].map(said)).toEqual([
    'свободен 1 кадр.',
    'свободны 2 кадра.',
    'свободно 5 кадров.',
    'свободно 11 кадров.',
    'свободен 21 кадр.',
    'свободны 22 кадра.',
    'свободно 112 кадров.',
  ]);
});

test('parts keep what they point at', () => {
  expect(p`Frame ${{ text: '0x7', frame: 7 }} is ${'free'}${[{ text: '.' }]}`).toEqual([
    { text: 'Frame ' },
    { text: '0x7', frame: 7 },
    { text: ' is free.' },
  ]);
});

test('flags are named with compound names first', () => {
  const gfps = KERNELS[0]?.gfps ?? {};
  const mask = (...names: string[]): number => names.reduce((sum, name) => sum | (gfps[name] ?? 0), 0);
  const name = KERNELS[0]?.name ?? '';
  expect(gfpNames(name, mask('GFP_KERNEL'))).toBe('GFP_KERNEL');
  expect(gfpNames(name, mask('GFP_KERNEL', '__GFP_DMA'))).toBe('GFP_KERNEL|__GFP_DMA');
  expect(gfpNames(name, mask('GFP_ATOMIC'))).toBe('GFP_ATOMIC');
  expect(gfpNames(name, 0x80000000)).toBe('0x80000000');
  expect(gfpNames('', 0x10)).toBe('0x10');
});
