import { describe, expect, test } from 'vitest';
import { kernelInfo } from '../../src/core/kernel.ts';
import { KERNELS } from '../../src/generated/tables.ts';
import type { BootView, Ev, KernelInfo, PcpView, SourceInfo, View, ZoneView } from '../../src/protocol.ts';
import { bitWindow, scanOf } from '../../src/ui/bitmap.ts';
import { codeLine } from '../../src/ui/code-line.ts';
import { lagOf, tellLag } from '../../src/ui/counter-lag.ts';
import { lending } from '../../src/ui/fallback-view.ts';
import { changedLists, unrolled } from '../../src/ui/lanes.ts';
import { freePieces, handOver } from '../../src/ui/memblock.ts';
import { panelsFor } from '../../src/ui/panels.ts';
import { cpusShown, deedsOf, once, type PcpLane, placeOf } from '../../src/ui/per-cpu-lists.ts';
import { tabsOf } from '../../src/ui/structures.ts';
import { toHex } from '../../src/ui/theme.ts';
import { touchedAt, united, zonesAt } from '../../src/ui/touched.ts';
import { boostLimit, requestType, reserveLimit } from '../../src/ui/watermarks.ts';
import { panels } from '../../src/words/panels.en.ts';
import { panels as panelsRu } from '../../src/words/panels.ru.ts';

const boot: BootView = {
  node: 0,
  start_pfn: 16,
  end_pfn: 1016,
  mapstart: 20,
  last_pos: 0,
  last_offset: 0,
  last_success: 0,
  reserved: [
    [16, 4],
    [40, 2],
  ],
};

/** A kernel on 1024 frames. */
function made(name: string, cpus: number): KernelInfo {
  const table = KERNELS.find((known) => known.name === name);
  if (!table) throw new Error(`there is no ${name}`);
  return kernelInfo(table, { nodes: [{ start_pfn: 0, pages: 1024 }], cpus, bitsPerLong: 0 });
}

/** As much of a view as the panels' logic reads. */
function viewOf(events: Ev[], happened = events.length, inner = 0, line = ''): View {
  const view: Partial<View> = {
    place: { entry: 1, inner },
    events,
    eventsFirst: 0,
    eventsTotal: events.length,
    operation: [],
    happened,
    eventsEntry: 0,
    line,
    zones: [],
  };
  return view as View;
}

describe('the boot bitmap', () => {
  test('shows whole rows from the first frame on', () => {
    const rows = bitWindow(boot, null, 32, 8);
    expect(rows).toHaveLength(8);
    expect(rows[0]?.pfn).toBe(16);
    expect(rows[0]?.bits.slice(0, 6)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(rows[0]?.bits.slice(24, 27)).toEqual([1, 1, 0]);
  });

  test('has the window of the latest search in it, as far as it has come', () => {
    const events: Ev[] = [
      { kind: 'boot_search', node: 0, pfn: 16, pages: 4 },
      { kind: 'boot_scanned', node: 0, pfn: 16, count: 4, fits: true },
      { kind: 'boot_search', node: 0, pfn: 32, step: 8, pages: 2 },
      { kind: 'boot_scanned', node: 0, pfn: 40, count: 1 },
      { kind: 'boot_scanned', node: 1, pfn: 48, count: 2 },
      { kind: 'boot_scanned', node: 0, pfn: 48, count: 2, fits: true },
    ];
    expect(scanOf(viewOf(events), 0)).toEqual({
      from: 32,
      step: 8,
      pages: 2,
      windows: [
        { pfn: 40, count: 1, fits: false },
        { pfn: 48, count: 2, fits: true },
      ],
    });
    expect(scanOf(viewOf(events, 2), 0)).toMatchObject({ from: 16, step: 1, windows: [{ pfn: 16, fits: true }] });
    expect(scanOf(viewOf(events, 3), 0)?.windows).toEqual([]);
    expect(scanOf(viewOf(events, 0), 0)).toBeNull();
  });

  test('has the frame concerned in it, and ends where the node ends', () => {
    expect(bitWindow(boot, 500, 32, 8).some((row) => row.pfn <= 500 && 500 < row.pfn + 32)).toBe(true);
    const last = bitWindow(boot, 1015, 32, 8).at(-1);
    expect(last && last.pfn + last.bits.length).toBe(1016);
    expect(bitWindow(boot, 5000, 32, 8)[0]?.pfn).toBe(16);
  });
});

describe('the frames of an operation', () => {
  const events: Ev[] = [
    { kind: 'op_begin', op: '__get_free_pages', number: 1 },
    { kind: 'block_found', order: 4, pfn: 48 },
    { kind: 'split', order: 3, pfn: 48, buddy: 56 },
    { kind: 'list_add', order: 3, pfn: 48 },
    { kind: 'handed_out', order: 3, pfn: 56 },
    { kind: 'op_end', outcome: 'done' },
  ];

  test('after it: those that got another owner', () => {
    expect(touchedAt(viewOf(events))).toEqual([[56, 8]]);
  });

  test('inside it: those of the latest step that names any', () => {
    expect(touchedAt(viewOf(events, 1, 1))).toEqual([]);
    expect(touchedAt(viewOf(events, 3, 3))).toEqual([[48, 16]]);
    expect(touchedAt(viewOf(events, 4, 4))).toEqual([[48, 8]]);
  });

  test('a reference count is no number of frames, and frame 0 is a frame', () => {
    expect(touchedAt(viewOf([{ kind: 'count_set', pfn: 7, count: 5 }]))).toEqual([[7, 1]]);
    expect(touchedAt(viewOf([{ kind: 'boot_bits_cleared', count: 5 }]))).toEqual([[0, 5]]);
  });

  test('neighbours are one range', () => {
    expect(
      united([
        [8, 2],
        [0, 4],
        [4, 4],
        [20, 1],
      ]),
    ).toEqual([
      [0, 10],
      [20, 1],
    ]);
  });
});

test('the zone that an operation is about comes first', () => {
  const zone = (number: number, size: number) => ({ zone: number, size }) as ZoneView;
  const zones = [zone(0, 8), zone(1, 8), zone(2, 0)];
  const order = (events: Ev[]) => zonesAt({ ...viewOf(events), zones }).map((one) => one.zone);
  expect(order([{ kind: 'list_add', zone: 1 }, { kind: 'op_end' }])).toEqual([1, 0]);
  expect(order([{ kind: 'list_add' }])).toEqual([0, 1]);
  expect(order([{ kind: 'op_begin' }])).toEqual([0, 1]);
});

describe('the per-CPU lists', () => {
  const kernel = made('linux-2.6.10', 2);
  /** Links of the heads of zone 1: its order 0 list, and the hot and cold lists of both CPUs. */
  const free = 1025 + 15;
  const [hot0 = 0, cold0 = 0, hot1 = 0] = [11, 12, 13].map((list) => free + list);
  /** The lists' numbers in the zone. */
  const hot = [11];
  const cold = [12];
  const far1 = [13];

  test('an allocation: topped up at the tail, given from the head', () => {
    const events: Ev[] = [
      { kind: 'op_begin', op: 'alloc_pages' },
      { kind: 'pcp_refill', zone: 1, count: 2, low: 2, batch: 2 },
      { kind: 'list_del', order: 1, zone: 1, pfn: 32, head: free + 1 },
      { kind: 'list_add', zone: 1, pfn: 33, head: free },
      { kind: 'list_add_tail', zone: 1, pfn: 32, head: hot0 },
      { kind: 'list_del', zone: 1, pfn: 33, head: free },
      { kind: 'list_add_tail', zone: 1, pfn: 33, head: hot0 },
      { kind: 'pcp_taken', cold: false, zone: 1, pfn: 9 },
      { kind: 'list_del', zone: 1, pfn: 9, head: hot0 },
    ];
    expect(deedsOf(viewOf(events), kernel, 1, hot)).toEqual({
      refilled: 2,
      drained: 0,
      taken: 1,
      put: 0,
      came: new Set([32, 33]),
    });
    expect(deedsOf(viewOf(events, 5, 5), kernel, 1, hot)).toMatchObject({ refilled: 1, taken: 0 });
    for (const other of [far1, cold])
      expect(deedsOf(viewOf(events), kernel, 1, other)).toMatchObject({ refilled: 0, taken: 0 });
    expect(deedsOf(viewOf(events), kernel, 0, hot)).toMatchObject({ refilled: 0, taken: 0 });
  });

  test('a free: drained from the tail, put at the head of the list of the CPU that frees', () => {
    const events: Ev[] = [
      { kind: 'op_begin', op: 'free_cold_page' },
      { kind: 'pcp_drain', cold: true, zone: 1, count: 2, high: 2, batch: 1 },
      { kind: 'list_del', zone: 1, pfn: 40, head: cold0 },
      { kind: 'list_add', zone: 1, pfn: 40, head: free },
      { kind: 'list_add', zone: 1, pfn: 50, head: cold0 },
    ];
    expect(deedsOf(viewOf(events), kernel, 1, cold)).toEqual({
      refilled: 0,
      drained: 1,
      taken: 0,
      put: 1,
      came: new Set([50]),
    });
    const far: Ev[] = [
      { kind: 'op_begin', op: 'free_hot_page', cpu: 1 },
      { kind: 'list_add', zone: 1, pfn: 7, head: hot1 },
    ];
    expect(deedsOf(viewOf(far), kernel, 1, far1).put).toBe(1);
    expect(deedsOf(viewOf(far), kernel, 1, hot).put).toBe(0);
  });

  test('a frame has a place on one of them, or none', () => {
    const list = (cpu: number, blocks: number[]) =>
      ({ cpu, lists: [{ order: 0, blocks, length: blocks.length }] }) as unknown as PcpView;
    const zones = [{ pcp: [list(0, []), list(1, [9, 7])] }, { pcp: [list(0, [5])] }] as ZoneView[];
    expect(placeOf({ zones }, 7)).toMatchObject({ list: { cpu: 1 }, place: 2 });
    expect(placeOf({ zones }, 5)).toMatchObject({ list: { cpu: 0 }, place: 1 });
    expect(placeOf({ zones }, 6)).toBeNull();
  });

  test('one that runs in a circle is shown once', () => {
    const loop = { blocks: [7, 9, 7, 9], length: 257, end: 'loop' } as PcpLane;
    expect(once(loop)).toMatchObject({ blocks: [7, 9], length: 2, end: 'loop' });
    expect(unrolled(loop)).toEqual({ blocks: [7, 9], back: 7 });
    expect(unrolled({ blocks: [5, 7, 9, 7, 9], end: 'loop' })).toEqual({ blocks: [5, 7, 9], back: 7 });
    const whole = { blocks: [7, 9], length: 80, end: 'whole' } as PcpLane;
    expect(once(whole)).toBe(whole);
  });

  test('of many CPUs those are shown that have frames here, or act', () => {
    const list = (cpu: number, length = 0) => ({ cpu, lists: [{ length }] }) as PcpView;
    expect(cpusShown({ pcp: [list(0), list(0), list(1), list(1)] }, 0)).toEqual([0, 1]);
    expect(cpusShown({ pcp: [0, 1, 2, 3].flatMap((cpu) => [list(cpu), list(cpu, cpu === 2 ? 1 : 0)]) }, 3)).toEqual([
      2, 3,
    ]);
  });
});

test('a request meets the protection of the zone it begins with', () => {
  const tests: Ev[] = [
    { kind: 'zone_refused', zone: 4 },
    { kind: 'zone_passed', zone: 3 },
  ];
  expect(requestType(viewOf(tests), 3)).toBe(1);
  expect(requestType(viewOf(tests, 0, 1), 3)).toBeNull();
  expect(requestType(viewOf([{ kind: 'zone_tried', zone: 2 }]), 3)).toBe(2);
});

describe('lists by type', () => {
  const kernel = made('linux-6.1', 2);
  const source = { kernel } as SourceInfo;
  /** Links of the heads of zone 1: 55 free lists, then 14 of each CPU. */
  const first = 1024 + 83;

  test('what an operation put on them, and which type it used last', () => {
    const events: Ev[] = [
      { kind: 'list_del', order: 3, zone: 1, pfn: 64, head: 0xffffffff },
      { kind: 'list_add', order: 3, zone: 1, pfn: 72, head: first + 3 * 5 + 1 },
      { kind: 'list_add_tail', order: 0, zone: 1, pfn: 9, head: first + 55 + 14 + 2 },
      { kind: 'list_add', order: 3, zone: 0, pfn: 8, head: 1024 },
    ];
    expect(changedLists(viewOf(events), source, 1)).toEqual({
      added: new Map([
        [16, new Set([72])],
        [71, new Set([9])],
      ]),
      type: 2,
    });
    expect(changedLists(viewOf(events, 2), source, 1).type).toBe(1);
    expect(changedLists(viewOf(events, 1), source, 1)).toEqual({ added: new Map(), type: null });
  });

  test("a CPU's lists of many orders share a counter, and have a tab of their own", () => {
    expect(tabsOf(kernel)).toEqual(['lists', 'cpus', 'counts']);
    expect(tabsOf(made('linux-2.6.10', 1))).toEqual(['lists', 'pairs', 'counts']);
    expect(tabsOf(made('linux-2.4.20', 1))).toEqual(['lists', 'pairs', 'counts']);
  });

  test('what they handed out and took in is told for all lists of a CPU together', () => {
    const events: Ev[] = [
      { kind: 'op_begin', op: 'alloc_pages', cpu: 1 },
      { kind: 'list_add_tail', order: 1, zone: 1, pfn: 10, head: first + 55 + 14 + 3 },
      { kind: 'pcp_list_taken', list: 3, zone: 1, pfn: 10 },
      { kind: 'list_del', order: 1, zone: 1, pfn: 10, head: first + 55 + 14 + 3 },
    ];
    const numbers = (cpu: number) => Array.from({ length: 14 }, (_, i) => 55 + 14 * cpu + i);
    expect(deedsOf(viewOf(events), kernel, 1, numbers(1))).toMatchObject({ refilled: 1, taken: 1, drained: 0 });
    expect(deedsOf(viewOf(events), kernel, 1, numbers(0))).toMatchObject({ refilled: 0, taken: 0, drained: 0 });
  });

  test('who borrows from whom, in order, is what the kernel declares', () => {
    expect(lending(kernel)).toEqual({
      rows: [
        { type: 'Unmovable', from: ['Reclaimable', 'Movable'] },
        { type: 'Movable', from: ['Reclaimable', 'Unmovable'] },
        { type: 'Reclaimable', from: ['Unmovable', 'Movable'] },
      ],
      alone: ['HighAtomic', 'Isolate'],
    });
    const names = (name: string) => panelsFor({ kernel: made(name, 1) } as SourceInfo).map((panel) => panel.name);
    expect(names('linux-6.1')).toContain('fallback');
    expect(names('linux-2.6.10')).not.toContain('fallback');
    expect(panelsFor(null).map((panel) => panel.name)).not.toContain('fallback');
  });
});

describe('the counter of free pages', () => {
  const zone = (free_pages: number, diffs: number[], end = 'whole') => ({
    free_pages,
    lists: [
      { order: 0, length: 3, end },
      { order: 2, length: 2, end: 'whole' },
    ] as ZoneView['lists'],
    pcp: diffs.map((vm_stat_diff, cpu) => ({ cpu, vm_stat_diff, stat_threshold: 4 })) as ZoneView['pcp'],
  });
  const told = (...args: Parameters<typeof zone>) => tellLag(lagOf(zone(...args)), { cpus: panels.cpus }, false);

  test('is behind by what the CPUs keep to themselves', () => {
    expect(lagOf(zone(9, [0, 2]))).toEqual({ counter: 9, held: 11, waiting: [{ cpu: 1, frames: 2 }], threshold: 4 });
    expect(told(9, [0, 2])).toContain("the difference of 2 waits in CPU 1's (+2) vm_stat_diff.");
    expect(tellLag(lagOf(zone(12, [-1, 0])), { cpus: panelsRu.cpus }, false)).toContain('ЦП 0 (−1)');
    expect(told(11, [0, 0])).toContain('no CPU keeps a difference');
    expect(told(11, [1, -1])).toContain('they make up for each other');
  });

  test('that fits neither is misuse, but not inside an operation; a torn list cannot be counted', () => {
    expect(told(9, [0, 0])).toContain('come to 9, but the free lists hold 11. The kernel does not notice.');
    expect(tellLag(lagOf(zone(9, [0, 0])), { cpus: panels.cpus }, true)).toBe(panels.cpus.underWay);
    expect(told(9, [0, 0], 'loop')).toBe(panels.cpus.torn);
  });
});

test('marks rise up to one and a half times the high mark, at least a pageblock, in zones of four pageblocks', () => {
  expect(boostLimit({ managed: 9000, pages_high: 643 }, 15000, 512)).toBe(964);
  expect(boostLimit({ managed: 3840, pages_high: 49 }, 15000, 512)).toBe(512);
  expect(boostLimit({ managed: 2047, pages_high: 643 }, 15000, 512)).toBe(0);
  expect(boostLimit({ managed: 9000, pages_high: 643 }, 0, 512)).toBe(0);
  expect(reserveLimit({ managed: 3840 }, 100, 512)).toBe(550);
});

describe('memblock', () => {
  const K = 1024;
  const memblock = {
    memory: [
      { addr: 1024 * K, size: 64 * K },
      { addr: 4 * K, size: 636 * K },
    ],
    reserved: [
      { addr: 600 * K, size: 500 * K },
      { addr: 17 * K, size: 4 * K },
    ],
  };

  test('hands over memory less what is reserved, in whole frames and rising order', () => {
    expect(freePieces(memblock.memory, memblock.reserved)).toEqual([
      [1, 3],
      [6, 144],
    ]);
    expect(freePieces(memblock.memory, [])).toEqual([
      [1, 159],
      [256, 16],
    ]);
  });

  const zones = (managed: number) => [{ managed }] as ZoneView[];
  const view = (events: Ev[], inner: number, managed: number) => ({
    ...viewOf(events, events.length, inner),
    zones: zones(managed),
  });

  test('before, under way, after, and gone', () => {
    expect(handOver({ memblock }, view([], 0, 0))).toMatchObject({ frames: 0, begun: 0, current: null });
    const events: Ev[] = [
      { kind: 'memblock_piece', pfn: 1, count: 3 },
      { kind: 'taken_back', order: 0, pfn: 1 },
      { kind: 'taken_back', order: 1, pfn: 2 },
      { kind: 'memblock_piece', pfn: 6, count: 144 },
      { kind: 'taken_back', order: 1, pfn: 6 },
    ];
    expect(handOver({ memblock }, view(events, 5, 5))).toMatchObject({
      begun: 2,
      current: { piece: [6, 144], blocks: [{ pfn: 6, order: 1 }] },
    });
    expect(handOver({ memblock }, view(events.slice(0, 3), 3, 3))).toMatchObject({
      begun: 1,
      current: { piece: [1, 3] },
    });
    expect(handOver({ memblock }, view(events, 0, 147))).toMatchObject({ begun: 2, current: null });
    expect(handOver({ memblock }, view([{ kind: 'list_add' }], 0, 147))).toBeNull();
    expect(handOver({}, view([], 0, 0))).toBeNull();
  });
});

describe('the call as C', () => {
  const kernel = made('linux-2.4.20', 1);
  const call: Ev[] = [
    { kind: 'op_begin', op: '__get_free_pages', number: 1 },
    { kind: 'op_arg', arg: 'gfp', op: '__get_free_pages', lo: 0x1f0 },
    { kind: 'op_arg', arg: 'order', op: '__get_free_pages', lo: 3 },
    { kind: 'op_end', outcome: 'done', result: 'addr', lo: 0x38000 },
  ];

  test('has the result in a variable, and its value once it is known', () => {
    expect(codeLine(viewOf(call), kernel)).toEqual({
      text: 'addr = __get_free_pages(GFP_KERNEL, 3);',
      result: '/* 0xc0038000, physical 0x38000 */',
    });
    expect(codeLine(viewOf(call, 2, 2), kernel)?.result).toBe('');
  });

  test("uses the run's own names", () => {
    const named = viewOf(call, 4, 0, '{"op":"__get_free_pages","gfp":"GFP_KERNEL","order":3,"as":"buf"}');
    expect(codeLine(named, kernel)?.text).toBe('buf = __get_free_pages(GFP_KERNEL, 3);');
    const freed = viewOf(
      [
        { kind: 'op_begin', op: 'free_pages' },
        { kind: 'op_arg', arg: 'addr', op: 'free_pages', lo: 0x38000 },
      ],
      2,
      0,
      '{"op":"free_pages","addr":"buf+4","order":0}',
    );
    expect(codeLine(freed, kernel)?.text).toBe('free_pages(buf + 4 * PAGE_SIZE, 0);');
  });

  test('NULL is NULL', () => {
    const failed = [
      ...call.slice(0, 3),
      { kind: 'op_end', outcome: 'failed', result: 'addr', lo: 0xffffffff, hi: 0xffffffff },
    ];
    expect(codeLine(viewOf(failed), kernel)?.result).toBe('/* NULL */');
  });

  describe('of the per-CPU lists', () => {
    const two = made('linux-2.6.10', 2);
    const of = (op: string, line: string, args: Partial<Ev>[] = [], task = 0) =>
      codeLine(
        viewOf(
          [
            { kind: 'op_begin', op, cpu: 1, task },
            ...args.map((arg) => ({ kind: 'op_arg', op, ...arg }) as Ev),
            { kind: 'op_end', outcome: 'done', result: op === 'put_page_testzero' ? 'bool' : 'none', lo: 1 },
          ],
          args.length + 2,
          0,
          line,
        ),
        two,
      );

    test('says which CPU calls', () => {
      expect(of('free_hot_page', '{"op":"free_hot_page","page":"page","cpu":1}', [{ arg: 'pfn', lo: 7 }])).toEqual({
        text: 'free_hot_page(page);',
        result: '/* CPU 1 */',
      });
      expect(of('drain_local_pages', '', [], 12)).toEqual({
        text: 'drain_local_pages();',
        result: '/* CPU 1, real-time, in an interrupt */',
      });
      expect(of('put_page_testzero', '', [{ arg: 'pfn', lo: 7 }])).toEqual({
        text: 'zero = put_page_testzero(pfn_to_page(0x7));',
        result: '/* CPU 1, 1 */',
      });
    });

    test('a pagevec by what is in it, a setting as it is set', () => {
      const cold = [
        { arg: 'pfns', lo: 7 },
        { arg: 'pfns', lo: 9, index: 1 },
        { arg: 'cold', lo: 1 },
      ];
      expect(of('pagevec_free', '{"op":"pagevec_free","pfns":["a","b+1"],"cold":1}', cold)).toEqual({
        text: 'pagevec_free(&pvec);',
        result: '/* pvec: a, b + 1; cold, CPU 1 */',
      });
      expect(
        of('sysctl', '', [
          { arg: 'name', lo: 1 },
          { arg: 'value', lo: 100 },
        ])?.text,
      ).toBe('echo 100 > /proc/sys/vm/lower_zone_protection');
    });
  });

  test('a trace shows its own line', () => {
    const view = viewOf(
      [{ kind: 'op_begin', op: 'mm_page_free' }],
      1,
      0,
      '    sh-94   [000] 4.2: mm_page_free: pfn=0x33b3 ',
    );
    expect(codeLine(view, null)).toEqual({ text: 'sh-94 [000] 4.2: mm_page_free: pfn=0x33b3', result: '' });
  });
});

test('computed colours as the drawing takes them', () => {
  expect(toHex('rgb(1, 2, 255)')).toBe('#0102ff');
});
