import { describe, expect, test } from 'vitest';
import { gfpNames } from '../../src/core/gfp.ts';
import { openRun } from '../../src/core/index.ts';
import { kernelInfo } from '../../src/core/kernel.ts';
import { BUGS, EVENTS, KERNELS, OPS } from '../../src/generated/tables.ts';
import type { Ev, KernelInfo } from '../../src/protocol.ts';
import { describeAlone, describeOperation, loadWords, plain } from '../../src/words/index.ts';
import { p } from '../../src/words/parts.ts';
import { ui as uiEn } from '../../src/words/ui.en.ts';
import { ui as uiRu } from '../../src/words/ui.ru.ts';
import { bytesOf, EXAMPLE, engineModule } from './helpers.ts';

const MACHINE = { nodes: [{ start_pfn: 0, pages: 1024 }], cpus: 1, bitsPerLong: 0 };
const KNOWN = KERNELS.map((table) => kernelInfo(table, MACHINE));
const kernel = KNOWN[0] ?? null;
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
  test.each(KNOWN)(
    'of $name every operation has a headline, every event a sentence, every BUG() a note',
    async (kernel) => {
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
    },
  );

  test.each([
    EXAMPLE,
    ...['lifecycle-words', 'buddy-protection', 'buddy-smp', 'misuse-basic', 'misuse-bootmem', 'misuse-two-owners'].map(
      (name) => `tests/golden/linux-2.6.10/${name}.jsonl.gz`,
    ),
    ...['buddy-orders', 'pcp-thp', 'misuse-random-1', 'misuse-double-free-big', 'handover-96m'].map(
      (name) => `tests/golden/linux-6.1/${name}.jsonl.gz`,
    ),
  ])('every step of %s is said in full', async (file) => {
    const words = await loadWords(language);
    const source = await openRun(await engineModule(), file, bytesOf(file));
    for (let entry = 1; entry <= source.length; entry++) {
      const view = source.at(entry, 0, false);
      const told = describeOperation(words, view.events, source.kernel, view.operation, view.newTroubles);
      expect(told.events).toHaveLength(view.events.length);
      for (const sentence of [told.headline, ...told.events]) {
        expect(plain(sentence)).toMatch(/[.]$/);
        expect(plain(sentence)).not.toMatch(/undefined|NaN|\[object| {2}|4294967295|0xffffffff/);
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

/** Two CPUs, 1024 frames and one descriptor behind: list heads are numbered from 1025, 15 a zone. */
const PCP = KERNELS.find(({ hasPcp }) => hasPcp);
const smp = PCP ? kernelInfo(PCP, { ...MACHINE, cpus: 2 }) : null;
const NORMAL = 1;
const HOT_OF_CPU_1 = 1025 + 11 + 2;
const COLD_OF_CPU_1 = HOT_OF_CPU_1 + 1;
const ORDER_3_OF_NORMAL = 1025 + 15 + 3;

/** The sentence of the last of these events of an operation that CPU 1 makes. */
async function lastSaid(language: 'en' | 'ru', events: Ev[], args: Ev[] = []): Promise<string> {
  const begin = { kind: 'op_begin', op: 'alloc_pages', number: 1, cpu: 1, line: 0, task: 0 };
  const told = describeOperation(await loadWords(language), [begin, ...args, ...events], smp);
  return plain(told.events.at(-1) ?? []);
}

const gfp = (name: string): Ev => ({
  kind: 'op_arg',
  op: 'alloc_pages',
  arg: 'gfp',
  lo: PCP?.gfps[name] ?? 0,
  hi: 0,
  index: 0,
});
const ROUND = { kind: 'zone_round', round: 2, high: true, harder: true };

describe('each event of per-CPU lists, marks and settings', () => {
  const cases: [Ev[], string, string][] = [
    [
      [{ kind: 'list_add', order: 0, zone: 0, pfn: 7, head: HOT_OF_CPU_1 }],
      '0x7 goes to the front of the hot list of CPU 1 in zone DMA.',
      'Кадр 0x7 встаёт в начало горячего списка процессора 1 в зоне DMA.',
    ],
    [
      [{ kind: 'list_add_tail', order: 0, zone: 0, pfn: 7, head: COLD_OF_CPU_1 }],
      '0x7 goes to the end of the cold list of CPU 1 in zone DMA.',
      'Кадр 0x7 встаёт в конец холодного списка процессора 1 в зоне DMA.',
    ],
    [
      [{ kind: 'list_del', order: 3, zone: NORMAL, pfn: 8, head: ORDER_3_OF_NORMAL }],
      '0x8–0xf leaves the order 3 list of zone Normal.',
      'Кадры 0x8–0xf уходят из списка порядка 3 зоны Normal.',
    ],
    [
      [{ kind: 'links_poisoned', pfn: 7 }],
      'its links are overwritten, then poisoned. If another list still leads to it, that one is broken from here on.',
      'его ссылки переписаны, а затем отравлены.',
    ],
    [
      [{ kind: 'mapped_cleared', pfn: 1024 }],
      'Frame 0x400 (past the end of memory) no longer counts as mapped by a process.',
      'Кадр 0x400 (за концом памяти) больше не числится отображённым в процесс.',
    ],
    [
      [{ kind: 'pcp_set_up', cold: false, zone: 0, low: 8, high: 24, batch: 4 }],
      "Each CPU's hot list of zone DMA: filled up when down to 8 frames, drained when it has 24, each time by 4 frames.",
      'Горячий список зоны DMA у каждого процессора: пополняется, когда в нём не больше 8, отдаёт, когда в нём 24; каждый раз по 4.',
    ],
    [
      [{ kind: 'pcp_set_up', cold: true, zone: 0, low: 0, high: 8, batch: 4 }],
      "Each CPU's cold list of zone DMA: filled up when empty, drained when it has 8",
      'Холодный список зоны DMA у каждого процессора: пополняется, когда пуст, отдаёт, когда в нём 8',
    ],
    [
      [{ kind: 'pcp_count_set', cold: true, zone: NORMAL, cpu: 0, count: 1 }],
      'The cold list of CPU 0 in zone Normal counts 1 frame.',
      'По счётчику в холодном списке процессора 0 в зоне Normal 1 кадр.',
    ],
    [
      [{ kind: 'protection_set', zone: 0, dma: 0, normal: 56, highmem: 96 }],
      'Zone DMA keeps back 56 frames from requests that begin in Normal, and 96 frames from requests that begin in HighMem.',
      'Зона DMA бережёт 56 кадров от запросов, которые начинаются с Normal, и 96 кадров от запросов, которые начинаются с HighMem.',
    ],
    [
      [{ kind: 'protection_set', zone: NORMAL, dma: 0, normal: 0, highmem: 0 }],
      'Zone Normal keeps nothing back for itself.',
      'Зона Normal ничего не бережёт для себя.',
    ],
    [
      [{ kind: 'sysctls_set', min_free_kbytes: 512, lower_zone_protection: 2 }],
      'min_free_kbytes is 512, lower_zone_protection is 2.',
      'min_free_kbytes — 512, lower_zone_protection — 2.',
    ],
    [
      [{ kind: 'boot_last_success_set', node: 0, last_success: 0x1000, last_success_hi: 1 }],
      'last_success: 0x100001000.',
      'last_success: 0x100001000.',
    ],
    [
      [{ kind: 'boot_whole_word', node: 0, pfn: 64, count: 32 }],
      'All 32 bits of a word are 0, and the node begins at a multiple of so many frames: 0x40–0x5f go over as one block',
      'Все 32 бита слова — 0, и начало узла кратно этому числу кадров: 0x40–0x5f переходят одним блоком',
    ],
    [
      [{ kind: 'zone_round', round: 1, high: false, harder: false }],
      'The zones are tried in turn: the low marks count.',
      'Зоны пробуют по очереди: порог — low.',
    ],
    [
      [{ kind: 'zone_round', round: 3, high: true, harder: false }],
      'The zones are tried once more, from the first on: now half the min marks counts (__GFP_HIGH).',
      'Зоны пробуют ещё раз, с первой: теперь порог — половина min (__GFP_HIGH).',
    ],
    [
      [{ kind: 'zone_passed', order: 3, zone: 0, free_pages: 72, mark: 64, protection: 0 }],
      'Zone DMA has 72 free frames, at least 72 = 64 (its low mark) + 8 (the request) + 0 (its protection): it may give.',
      'В зоне DMA свободны 72 кадра, не меньше чем 72 = 64 (её порог low) + 8 (сам запрос) + 0 (её защита): она может дать.',
    ],
    [
      [ROUND, { kind: 'zone_refused', order: 0, zone: 0, free_pages: 34, mark: 24, protection: 10 }],
      'Zone DMA has 34 free frames, fewer than 35 = 24 (three eighths of its min mark) + 1 (the request) + 10 (its protection): it is passed over.',
      'В зоне DMA свободны 34 кадра, меньше чем 35 = 24 (три восьмых её порога min) + 1 (сам запрос) + 10 (её защита): её пропускают.',
    ],
    [
      [{ kind: 'pcp_refill', cold: false, zone: 0, count: 2, low: 2, batch: 1 }],
      'The hot list of CPU 1 in zone DMA has 2 frames, no more than 2: 1 frame shall come from the buddy lists, to its end.',
      'В горячем списке процессора 1 в зоне DMA 2 кадра, а это не больше 2: в его конец надо добавить 1 кадр из списков двойников.',
    ],
    [
      [{ kind: 'pcp_refill', cold: true, zone: 0, count: 0, low: 0, batch: 4 }],
      'The cold list of CPU 1 in zone DMA is empty: 4 frames shall come from the buddy lists, to its end.',
      'В холодном списке процессора 1 в зоне DMA кадров нет: в его конец надо добавить 4 кадра',
    ],
    [
      [{ kind: 'pcp_drain', cold: false, zone: 0, count: 6, high: 6, batch: 1 }],
      'The hot list of CPU 1 in zone DMA has 6 frames, and 6 is its limit: 1 from its end goes back to the buddy lists.',
      'В горячем списке процессора 1 в зоне DMA 6 кадров, а предел — 6: 1 кадр с конца возвращается в списки двойников.',
    ],
    [
      [{ kind: 'pcp_drain_all', cold: false, zone: 0, count: 21 }],
      'The hot list of CPU 1 in zone DMA has 21 frames: all go back to the buddy lists, the last first.',
      'В горячем списке процессора 1 в зоне DMA 21 кадр: всё, начиная с последнего, возвращается в списки двойников.',
    ],
    [
      [{ kind: 'pcp_taken', cold: false, zone: 0, pfn: 7 }],
      'The hot list of CPU 1 in zone DMA gives its first frame, 0x7.',
      'Горячий список процессора 1 в зоне DMA отдаёт свой первый кадр, 0x7.',
    ],
    [
      [{ kind: 'pcp_empty', cold: true, zone: 0 }],
      'The cold list of CPU 1 in zone DMA is empty: the buddy lists are asked for the frame itself.',
      'Холодный список процессора 1 в зоне DMA пуст: кадр ищут прямо в списках двойников.',
    ],
    [
      [{ kind: 'warn_bad_page', mapped: true, pfn: 1024, count: 0 }],
      'Bad page: frame 0x400 (past the end of memory) is freed with a mapping.',
      'Плохая страница: освобождают кадр 0x400 (за концом памяти), а он отображён в процесс.',
    ],
    [
      [{ kind: 'warn_bad_page', mapped: false, pfn: 7, count: -1 }],
      'Bad page: frame 0x7 is freed with a count of −1. The kernel puts that right and goes on.',
      'Плохая страница: освобождают кадр 0x7, а его счётчик — −1. Ядро исправляет это и продолжает.',
    ],
    [
      [{ kind: 'warn_alloc_failed', order: 3, gfp: PCP?.gfps.GFP_ATOMIC ?? 0 }],
      'Page allocation failure: order 3, GFP_ATOMIC. The caller gets NULL.',
      'Не удалось выделить память: порядок 3, GFP_ATOMIC. Вызывающий получает NULL.',
    ],
    [
      [{ kind: 'skipped', op: 'drain_local_pages' }],
      'linux-2.6.10 lacks drain_local_pages, or a flag that it is called with: nothing is done.',
      'В linux-2.6.10 нет drain_local_pages или флага, с которым его вызывают: ничего не делается.',
    ],
    [
      [{ kind: 'split', order: 2, zone: 0, pfn: 12, buddy: 8 }],
      'the upper half 0xc–0xf goes on the list, the lower half 0x8–0xb goes on.',
      'верхняя половина 0xc–0xf встаёт в список, нижняя 0x8–0xb идёт дальше.',
    ],
    [
      [{ kind: 'split', order: 2, zone: 0, pfn: 8, buddy: 12 }],
      'the lower half 0x8–0xb goes on the list, the upper half 0xc–0xf goes on.',
      'нижняя половина 0x8–0xb встаёт в список, верхняя 0xc–0xf идёт дальше.',
    ],
    [
      [
        { kind: 'list_add', order: 0, zone: 0, pfn: 7, head: HOT_OF_CPU_1 },
        { kind: 'taken_back', order: 0, state: 'pcp', pfn: 7 },
      ],
      '0x7 is free again, on the hot list of CPU 1 in zone DMA.',
      'Кадр 0x7 снова свободен, в горячем списке процессора 1 в зоне DMA.',
    ],
    [
      [{ kind: 'free_ignored', pfn: 1030, count: -1, reserved: false }],
      'The count of frame 0x406 (past the end of memory) falls from 0 to −1',
      'Счётчик кадра 0x406 (за концом памяти) падает с 0 до −1',
    ],
    [
      [{ kind: 'op_arg', index: 0, op: 'alloc_pages', arg: 'node', lo: ~0 >>> 0, hi: ~0 >>> 0 }],
      'The call names no node: the kernel chooses it.',
      'Узел в вызове не назван: его выберет ядро.',
    ],
  ];

  test.each(cases)('%j', async (events, en, ru) => {
    expect(await lastSaid('en', events)).toContain(en);
    expect(await lastSaid('ru', events)).toContain(ru);
  });

  test('who may wait and needs lower marks is a real-time task', async () => {
    expect(await lastSaid('en', [ROUND], [gfp('GFP_KERNEL')])).toContain('the caller is a real-time task');
    expect(await lastSaid('en', [ROUND], [gfp('GFP_ATOMIC')])).toContain('the caller may not wait');
    expect(await lastSaid('ru', [ROUND], [gfp('GFP_KERNEL')])).toContain('это задача реального времени');
  });
});

describe('what the calls of linux-2.6.10 come to', () => {
  const said = async (language: 'en' | 'ru', ops: object[], cpus = 2): Promise<string> => {
    const header = {
      format: 'pageframe-run/1',
      kernel: PCP?.name,
      cpus,
      machine: { nodes: [{ start_pfn: 0, pages: 1024 }] },
    };
    const bytes = new TextEncoder().encode([header, ...ops].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const source = await openRun(await engineModule(), 'run.jsonl', bytes);
    const view = source.at(ops.length, 0, false);
    const told = describeOperation(
      await loadWords(language),
      view.events,
      source.kernel,
      view.operation,
      view.newTroubles,
    );
    return plain(told.headline);
  };
  const up = [
    { op: 'free_area_init', start_pfn: 0, sizes: [1024, 0, 0] },
    { op: 'free_boot_range', start: 0, end: 1024, dir: 'up' },
    { op: 'drain_local_pages' },
  ];
  const one = { op: 'alloc_page', gfp: 'GFP_KERNEL', as: 'a' };
  const more = { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 1, as: 'b' };
  const cases: [string, object[], string, string][] = [
    [
      'a refill',
      [one],
      'The hot list of CPU 0 in zone DMA is empty, so 1 frame comes to its end from the buddy lists. Then it gives its first frame, 0x0. The caller gets 0x0.',
      'В горячем списке процессора 0 в зоне DMA кадров нет, поэтому в его конец добавлен 1 кадр из списков двойников. Затем он отдаёт свой первый кадр, 0x0.',
    ],
    [
      'a free',
      [one, { op: '__free_page', page: 'a', cpu: 1 }],
      'It goes to the front of the hot list of CPU 1 in zone DMA, which has 1 frame now, free for this CPU alone.',
      'Кадр встаёт в начало горячего списка процессора 1 в зоне DMA, там теперь 1 кадр, свободный только для этого процессора.',
    ],
    [
      'a full list',
      [
        { op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 3, as: 'c' },
        ...Array.from({ length: 7 }, (_, i) => ({ op: 'free_hot_page', page: `c+${i + 1}` })),
      ],
      'The hot list of CPU 0 in zone DMA is full: first 1 frame from its end goes back to the buddy lists. Then the frame goes to its front, and the list has 6 frames now',
      'Горячий список процессора 0 в зоне DMA полон: сначала 1 кадр с его конца возвращается в списки двойников. Затем кадр встаёт в его начало, там теперь 6 кадров, свободных только',
    ],
    [
      'a pagevec',
      [one, more, { op: 'pagevec_free', pfns: ['a', 'b', 'b+1'], cold: 1 }],
      'pagevec_free([0x0, 0x2, 0x3], 1) frees 3 frames, from the last to the first: each goes to the front of the cold list of CPU 0 in its zone. Lists that are full first give back from their ends, 1 frame in all, to the buddy lists. But 0x2 and 0x0 are still in use',
      'pagevec_free([0x0, 0x2, 0x3], 1) освобождает 3 кадра, от последнего к первому',
    ],
    [
      'the last reference',
      [one, { op: 'put_page_testzero', page: 'a' }],
      'put_page_testzero(0x0): the last reference to frame 0x0 is gone. It returns true: whoever called must free the frame now.',
      'Вызов возвращает true: теперь вызвавший должен освободить кадр.',
    ],
    [
      'not the last reference',
      [one, { op: 'get_page', page: 'a' }, { op: 'put_page_testzero', page: 'a' }],
      'one reference fewer to frame 0x0, 1 left. It returns false: the frame stays in use.',
      'на кадр 0x0 стало ссылкой меньше, теперь их 1. Вызов возвращает false: кадр остаётся занятым.',
    ],
    [
      'no reference left',
      [one, { op: 'put_page_testzero', page: 'a' }, { op: 'put_page_testzero', page: 'a' }],
      'BUG(): put_page_testzero: page count is already zero (there is no reference left to drop).',
      'BUG(): put_page_testzero: page count is already zero (снимать нечего: ссылок нет).',
    ],
    [
      'a bad page',
      [one, { op: 'free_cold_page', page: 'a' }],
      'the caller says that nobody has frame 0x0 any more. But 0x0 is still in use: the kernel complains of a bad page, sets the count to 0 and frees it all the same.',
      'Но кадр 0x0 ещё используется: ядро жалуется на плохую страницу, обнуляет счётчик и всё равно его освобождает.',
    ],
    [
      'the descriptor past the end',
      [{ op: '__free_pages', pfn: 1024, order: 0 }],
      'But 0x400 is still in use',
      'Но кадр 0x400 ещё используется',
    ],
    [
      'a block in the middle of another',
      [more, { op: '__free_page', page: 'b+1' }],
      'BUG(): __free_pages: page count is already zero (nobody has a reference to it: a double free, or not the first frame of a block).',
      'двойное освобождение или не первый кадр блока',
    ],
    [
      'a setting',
      [{ op: 'sysctl', name: 'min_free_kbytes', value: 256 }],
      'sysctl(min_free_kbytes, 256): 256 KiB must stay free, shared out by the size of the zones. Watermarks of zone DMA: min 64, low 80, high 96 frames.',
      'sysctl(min_free_kbytes, 256): свободными должны оставаться 256 КиБ, поделённые между зонами по размеру. Пороги зоны DMA в кадрах: min 64, low 80, high 96.',
    ],
    [
      'a request that fails',
      [{ op: 'init_per_zone_pages_min' }, { op: 'alloc_pages', gfp: 'GFP_ATOMIC', order: 10 }],
      'now three eighths of the min marks count (__GFP_HIGH, and the caller may not wait). Zone DMA has 1\u202f024 free frames and would need at least 1\u202f048: it refuses. The caller gets NULL, and the kernel complains on its console.',
      'В зоне DMA свободны 1\u202f024 кадра, а нужно не меньше 1\u202f048: она отказывает. Вызывающий получает NULL, а ядро жалуется в консоль.',
    ],
    [
      'a split',
      [{ op: 'alloc_pages', gfp: 'GFP_KERNEL', order: 9 }],
      'It is split once: the upper half goes back on a list, the lower half goes on.',
      'Его делят пополам: верхняя половина возвращается в список, нижняя идёт дальше.',
    ],
  ];

  test.each(cases)('%s', async (_name, ops, en, ru) => {
    expect(await said('en', [...up, ...ops])).toContain(en);
    expect(await said('ru', [...up, ...ops])).toContain(ru);
  });

  test('a frame that is still to be freed is no loss that nobody notices', async () => {
    expect(await said('en', [...up, one, { op: 'put_page_testzero', page: 'a' }])).not.toContain('does not notice');
  });

  test('an array of frames is told by its used places', async () => {
    const events = (lo: number, hi: number): Ev[] => [
      { kind: 'op_arg', op: 'pagevec_free', arg: 'pfns', index: 3, lo, hi },
    ];
    expect(await lastSaid('en', events(0xffffffff, 0xffffffff))).toBe('pfns[3] is not used.');
    expect(await lastSaid('ru', events(0xffffffff, 0xffffffff))).toBe('pfns[3] не используется.');
  });
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

describe('types, marks and reserves', () => {
  const typed = KNOWN.find(({ lenders }) => lenders.length > 0) ?? null;
  const begin = (op = 'alloc_pages'): Ev => ({ kind: 'op_begin', op, number: 1, cpu: 0, line: 0, task: 0 });
  const arg = (name: string, lo: number, op = 'alloc_pages'): Ev => ({
    kind: 'op_arg',
    op,
    arg: name,
    lo,
    hi: 0,
    index: 0,
  });
  const told = async (language: 'en' | 'ru', events: Ev[]) =>
    describeOperation(await loadWords(language), events, typed);
  const lastOf = async (language: 'en' | 'ru', events: Ev[]) =>
    plain((await told(language, events)).events.at(-1) ?? []);
  const headOf = async (language: 'en' | 'ru', events: Ev[]) => plain((await told(language, events)).headline);

  const extfrag = { kind: 'extfrag', order: 2, found: 5, pfn: 64, type: 0, from: 1 };
  const stolen = (free: number, alike: number) => ({ kind: 'pageblock_stolen', type: 0, zone: 1, pfn: 0, free, alike });

  test('half a pageblock is what turns it over: 255 frames leave its type, 256 change it', async () => {
    expect(await lastOf('en', [begin(), extfrag, stolen(200, 55)])).toContain(
      '200 + 55 in use that suit the type = 255, less than half of 512: the pageblock keeps its type',
    );
    expect(await lastOf('en', [begin(), extfrag, stolen(200, 56)])).toContain(
      '= 256, at least half of 512: the whole pageblock becomes Unmovable.',
    );
    expect(await lastOf('ru', [begin(), extfrag, stolen(200, 56)])).toContain(
      'весь блок страниц становится Unmovable.',
    );
    expect(await headOf('en', [begin(), arg('order', 2), extfrag, stolen(200, 55)])).toContain(
      'Unmovable has none left and borrows from Movable: what is free in the pageblock at 0x0 changes lists, the pageblock keeps its type.',
    );
  });

  test('who lends, which list and which block is said', async () => {
    expect(await lastOf('en', [begin(), extfrag])).toBe(
      'Unmovable asks for order 2 and has no such block left: it borrows from Movable, whose list of order 5 lends its first block, 0x40–0x5f.',
    );
    expect(await lastOf('ru', [begin(), extfrag])).toContain(
      'Взаймы даёт Movable: первый блок своего списка порядка 5, 0x40–0x5f.',
    );
  });

  const rule = { kind: 'mark_rule', zone: 1, rights: 12, mark: 52, boost: 512, nr_reserved_highatomic: 0 };
  const tested = { kind: 'mark_tested', result: 0, zone: 1, free: 97, min: 212, reserve: 69 };

  test('a test of a mark has its arithmetic: the rest of the block, what is set aside, boost, rights, reserve', async () => {
    expect(
      await lastOf('en', [
        begin(),
        arg('order', 2),
        { kind: 'walk_begins', pass: 2, zone: 1, rights: 12 },
        rule,
        tested,
      ]),
    ).toBe(
      'Zone DMA32 would keep 97 free = 100 − 3 (the rest of the block), not more than 281 = 212 (three eighths of 52 (its min mark) + 512 (boost)) + 69 (lowmem_reserve): it is passed over.',
    );
    const aside = { ...rule, rights: 0, boost: 0, mark: 300, nr_reserved_highatomic: 512 };
    expect(
      await lastOf('en', [begin(), aside, { kind: 'mark_tested', result: 1, zone: 1, free: -2, min: 300 }]),
    ).toContain('would keep −2 free = 510 − 512 (set aside for atomic requests), more than 300 = 300 (its low mark)');
  });

  test('a second test of a zone, and a reserve that gives, are no refusals', async () => {
    const pass = { kind: 'mark_tested', result: 1, zone: 1, free: 97, min: 26 };
    const head = await headOf('en', [
      begin(),
      { kind: 'walk_begins', pass: 2, zone: 1, rights: 12 },
      tested,
      pass,
      { kind: 'zone_empty', order: 0, zone: 1 },
      { kind: 'block_found', order: 0, zone: 1, pfn: 7, type: 3 },
      { kind: 'handed_out', order: 0, pfn: 7 },
      { kind: 'op_end', outcome: 'done', result: 'pfn', lo: 7, hi: 0 },
    ]);
    expect(head).not.toContain('refuses');
    expect(head).not.toContain('none of its lists');
  });

  test('what hangs is told by what it was at', async () => {
    const hang: Ev[] = [
      { kind: 'hang', node: 0, pfn: 0 },
      { kind: 'op_end', outcome: 'hang', result: 'none', lo: 0, hi: 0 },
    ];
    const drained = { kind: 'pcp_list_drain', list: 0, zone: 1, cpu: 0, n: 3 };
    expect(await headOf('en', [begin(), extfrag, ...hang])).toContain('What the fallback lent cannot be taken');
    expect(await headOf('en', [begin('drain_all_pages'), drained, ...hang])).toContain(
      'goes round the empty lists for ever',
    );
    expect(await headOf('ru', [begin('drain_all_pages'), drained, ...hang])).toContain(
      'без конца обходит пустые списки',
    );
    const search = { kind: 'boot_search', node: 0, pfn: 0, step: 8, pages: 9 };
    expect(await headOf('en', [begin('__alloc_bootmem'), search, ...hang])).toContain(
      'the aligned search never begins',
    );
    const alone = async (of: KernelInfo | null) =>
      plain(describeAlone(await loadWords('en'), { kind: 'hang', node: 0, pfn: 0 }, of));
    expect(await alone(typed)).toContain('counters or marks disagree with the lists');
    expect(await alone(kernel)).toContain('The search starts again from the same place');
  });

  test('the second free of a block frees the rest of it again', async () => {
    const head = await headOf('en', [
      begin('__free_pages'),
      arg('order', 5, '__free_pages'),
      { kind: 'rest_freed', order: 5, pfn: 64, count: -1 },
    ]);
    expect(head).toContain('falls from 0 to −1, for nobody had a reference to it.');
    expect(head).toContain('frees all the rest of the block, in halves: a second time, silently.');
  });
});
