import { describe, expect, test } from 'vitest';
import { drawnNodes, frameAt, GUTTER_LEFT, layoutRows, MAX_CELL, outline } from '../../src/map/layout.ts';

describe('rows of frames', () => {
  test.each([
    [64, 640, 600, 1],
    [1024, 640, 600, 1],
    [1024, 358, 240, 3],
    [65_501, 640, 600, 2],
    [65_501, 358, 240, 1],
    [16_777_216, 640, 600, 1],
    [7, 640, 600, 1],
  ])('%i frames fit into %i x %i at ratio %i', (pages, width, height, ratio) => {
    const map = layoutRows([{ start_pfn: 0, pages }], width, height, ratio);
    const band = map.bands[0];
    if (!band) throw new Error('no band');
    expect(map.height).toBeLessThanOrEqual(height * ratio);
    expect(map.x + map.across * map.cell).toBeLessThanOrEqual(width * ratio);
    expect(map.cell).toBeGreaterThanOrEqual(1);
    expect(map.cell).toBeLessThanOrEqual(MAX_CELL * ratio);
    expect(band.rows * map.across * map.perCell).toBeGreaterThanOrEqual(pages);
    expect(Number.isInteger(Math.log2(map.across * map.perCell))).toBe(true);
    if (map.perCell > 1) expect(map.cell).toBe(1);
  });

  test('rows are long where the cells are large enough', () => {
    const map = layoutRows([{ start_pfn: 0, pages: 128 }], 700, 640, 1);
    expect(map.across).toBe(16);
    expect(map.cell).toBeGreaterThanOrEqual(28);
  });

  test('every frame is found again where it is drawn, and nothing beside the map', () => {
    const nodes = [
      { start_pfn: 16, pages: 100 },
      { start_pfn: 300, pages: 50 },
    ];
    const map = layoutRows(nodes, 500, 300, 2);
    for (const node of nodes)
      for (let pfn = node.start_pfn; pfn < node.start_pfn + node.pages; pfn++) {
        const band = map.bands.find((b) => pfn >= b.first && pfn < b.end);
        if (!band) throw new Error('no band');
        const [[x, y] = [0, 0]] = outline(map, band, pfn, 1);
        expect(frameAt(map, x + map.cell / 2, y + map.cell / 2)).toBe(pfn);
      }
    expect(frameAt(map, GUTTER_LEFT, 5)).toBeNull();
    expect(frameAt(map, map.x + 1, map.height + 10)).toBeNull();
  });

  test('where a dot stands for several frames, the first of them is found', () => {
    const map = layoutRows([{ start_pfn: 0, pages: 1 << 22 }], 400, 200, 1);
    expect(map.perCell).toBeGreaterThan(1);
    expect(frameAt(map, map.x + 3, 0)).toBe(3 * map.perCell);
  });

  test('the outline of frames in several rows has a step at both ends', () => {
    const map = layoutRows([{ start_pfn: 0, pages: 64 }], 400, 400, 1);
    const band = map.bands[0];
    if (!band) throw new Error('no band');
    expect(outline(map, band, 0, map.across)).toHaveLength(4);
    expect(outline(map, band, 3, map.across)).toHaveLength(8);
  });

  test('a source that names no nodes is drawn as one', () => {
    expect(drawnNodes([], 99)).toEqual([{ start_pfn: 0, pages: 99 }]);
    expect(drawnNodes([{ start_pfn: 5, pages: 9 }], 99)).toEqual([{ start_pfn: 5, pages: 9 }]);
  });
});
