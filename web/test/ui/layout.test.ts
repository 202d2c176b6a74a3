import { describe, expect, test } from 'vitest';
import {
  cellOf,
  columnSteps,
  drawnNodes,
  frameAt,
  framesAround,
  type LayoutName,
  makePlan,
  type PlanInput,
  type Room,
  rectsIn,
  rectsOf,
  rowStarts,
} from '../../src/map/plan.ts';

const ROOM: Room = { width: 640, height: 600, head: 26, most: 40, ample: 28 };

const planned = (layout: LayoutName, nodes: [number, number][], more: Partial<PlanInput> = {}, room = ROOM) =>
  makePlan(
    {
      layout,
      nodes: nodes.map(([start_pfn, pages]) => ({ start_pfn, pages })),
      frames: nodes.reduce((end, [start, pages]) => Math.max(end, start + pages), 0),
      zones: [],
      topOrder: 9,
      fromZoneStart: true,
      ...more,
    },
    room,
  );

const LAYOUTS = ['rows', 'quilt'] as const;
const SIZES: [number, number, number][] = [
  [7, 640, 600],
  [64, 640, 600],
  [1024, 1074, 720],
  [16_384, 358, 240],
  [65_501, 1280, 1200],
  [262_144, 358, 240],
  [16_777_216, 640, 600],
];

for (const layout of LAYOUTS)
  describe(layout, () => {
    test.each(SIZES)('%i frames fit into %i x %i', (pages, width, height) => {
      const plan = planned(layout, [[0, pages]], {}, { ...ROOM, width, height });
      expect(plan.width * plan.scale).toBeLessThanOrEqual(width + 1e-6);
      expect(plan.height * plan.scale).toBeLessThanOrEqual(height + 1e-6);
      expect(plan.scale).toBeLessThanOrEqual(ROOM.most);
      if (plan.scale >= 4) expect(Number.isInteger(plan.scale)).toBe(true);
      const [region] = plan.regions;
      expect((region?.columns ?? 0) * (region?.rows ?? 0)).toBeGreaterThanOrEqual(pages);
    });

    const nodes: [number, number][] = [
      [16, 4000],
      [8192, 1500],
    ];
    const plan = planned(layout, nodes, { frames: 9692 });

    test('every frame has a cell of its own, and is found again there', () => {
      const seen = new Set<string>();
      for (const [start, pages] of nodes)
        for (let pfn = start; pfn < start + pages; pfn++) {
          const cell = cellOf(plan, pfn);
          if (!cell) throw new Error(`no cell for ${pfn}`);
          seen.add(cell.join());
          expect(frameAt(plan, cell[0] + 0.5, cell[1] + 0.5)).toBe(pfn);
        }
      expect(seen.size).toBe(5500);
    });

    test('a frame that is not there has no cell, and a place beside the map no frame', () => {
      expect(cellOf(plan, 3)).toBeNull();
      expect(cellOf(plan, 5000)).toBeNull();
      expect(frameAt(plan, -1, 40)).toBeNull();
      expect(frameAt(plan, 1, plan.height + 1)).toBeNull();
    });

    test('a cell is the sum of its row and its column', () => {
      for (const region of plan.regions) {
        const starts = rowStarts(plan, region.rows);
        const steps = columnSteps(plan, region.columns);
        for (const [x, y] of [
          [0, 0],
          [5, 3],
          [region.columns - 1, region.rows - 1],
        ] as const) {
          const pfn = region.origin + (starts[y] ?? 0) + (steps[x] ?? 0);
          const isThere = pfn >= region.first && pfn < region.end;
          expect(frameAt(plan, region.x + x + 0.5, region.y + y + 0.5)).toBe(isThere ? pfn : null);
        }
      }
    });

    test('the frames around one are those of a square of cells', () => {
      for (const level of [0, 1, 3, 6, 7])
        for (const pfn of [16, 777, 4015, 8200]) {
          const side = 2 ** level;
          const cell = cellOf(plan, pfn);
          const region = plan.regions.find(({ first, end }) => pfn >= first && pfn < end);
          if (!cell || !region) throw new Error('no cell');
          const [x, y] = [cell[0] - region.x, cell[1] - region.y].map(
            (at) => Math.floor(Math.round(at) / side) * side,
          ) as [number, number];
          const expected = new Set<number>();
          for (let i = x; i < Math.min(x + side, region.columns); i++)
            for (let j = y; j < Math.min(y + side, region.rows); j++) {
              const found = frameAt(plan, region.x + i + 0.5, region.y + j + 0.5);
              if (found !== null) expected.add(found);
            }
          const got = framesAround(plan, pfn, level).flatMap(([first, count]) =>
            Array.from({ length: count }, (_, i) => first + i),
          );
          expect(got.length).toBe(expected.size);
          expect(new Set(got)).toEqual(expected);
        }
    });

    test.each([
      [16, 1],
      [17, 500],
      [20, 3996],
      [100, 1000],
      [4000, 4300],
    ])('frames from %i on, %i of them, fill rectangles of as many cells', (pfn, count) => {
      const cells = new Set<string>();
      for (const { x, y, width, height } of rectsOf(plan, pfn, count))
        for (let i = 0; i < width; i++) for (let j = 0; j < height; j++) cells.add(`${x + i},${y + j}`);
      const expected = new Set<string>();
      for (let at = pfn; at < pfn + count; at++) {
        const cell = cellOf(plan, at);
        if (cell) expected.add(cell.join());
      }
      expect(cells).toEqual(expected);
    });
  });

describe('rows', () => {
  test('hold a power of two of frames, in address order', () => {
    const plan = planned('rows', [[0, 1024]]);
    expect(Number.isInteger(plan.bits)).toBe(true);
    for (let pfn = 0; pfn < 1024; pfn++)
      expect(cellOf(plan, pfn)).toEqual([pfn % plan.width, Math.floor(pfn / plan.width)]);
  });

  test('are long where the cells are large enough', () => {
    const plan = planned('rows', [[0, 128]]);
    expect(plan.width).toBe(16);
    expect(plan.scale).toBeGreaterThanOrEqual(28);
  });
});

describe('the quilt', () => {
  const zones = [
    { name: 'DMA', node: 0, start_pfn: 0, size: 4096 },
    { name: 'Normal', node: 0, start_pfn: 4096, size: 12_288 },
  ];
  const plan = planned('quilt', [[0, 16_384]], { zones });

  test('has a region for each zone, and its blocks are aligned to where the zone begins', () => {
    expect(plan.regions.map(({ zone, first, end }) => [zone, first, end])).toEqual([
      ['DMA', 0, 4096],
      ['Normal', 4096, 16_384],
    ]);
    const odd = [{ name: 'Normal', node: 0, start_pfn: 100, size: 900 }];
    const own = planned('quilt', [[0, 1000]], { zones: odd }).regions;
    expect(own.map(({ zone, first, origin }) => [zone, first, origin])).toEqual([
      ['', 0, 0],
      ['Normal', 100, 100],
    ]);
    const byPfn = planned('quilt', [[0, 1000]], { zones: odd, fromZoneStart: false }).regions;
    expect(byPfn.map(({ origin }) => origin)).toEqual([0, 0]);
  });

  test('every buddy block is a square or twice as wide as high, and buddies are neighbours', () => {
    for (const region of plan.regions)
      for (let order = 0; order <= 9; order++)
        for (let pfn = region.first; pfn + 2 ** order <= region.end; pfn += 2 ** order) {
          const [rect, ...more] = rectsIn(plan, region, pfn, 2 ** order);
          expect(more).toEqual([]);
          if (!rect) throw new Error('no rectangle');
          expect(rect.width * rect.height).toBe(2 ** order);
          expect([1, 2]).toContain(rect.width / rect.height);
          if (order === 9) continue;
          const index = pfn - region.origin;
          const buddy = region.origin + (Math.floor(index / 2 ** order) ^ 1) * 2 ** order;
          const [other] = rectsIn(plan, region, buddy, 2 ** order);
          if (!other) throw new Error('no buddy');
          const apart = Math.abs(rect.x - other.x) + Math.abs(rect.y - other.y);
          expect(apart).toBe(rect.x === other.x ? rect.height : rect.width);
        }
  });
});

test('a source that names no nodes is drawn as one', () => {
  expect(drawnNodes([], 99)).toEqual([{ start_pfn: 0, pages: 99 }]);
  expect(drawnNodes([{ start_pfn: 5, pages: 9 }], 99)).toEqual([{ start_pfn: 5, pages: 9 }]);
});
