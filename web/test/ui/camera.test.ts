import { describe, expect, test } from 'vitest';
import {
  centre,
  clamped,
  including,
  isWhole,
  lookingAt,
  onMap,
  onScreen,
  whole,
  zoomed,
} from '../../src/map/camera.ts';
import { linesAround, pathAround } from '../../src/map/marks.ts';
import { outline } from '../../src/map/outline.ts';
import { makePlan } from '../../src/map/plan.ts';
import { overviewPlace, roomIn, viewport } from '../../src/map/view.ts';

const space = { width: 700, height: 600, ratio: 2 };
const view = viewport(space, 'rows');
const plan = makePlan(
  { layout: 'rows', nodes: [{ start_pfn: 0, pages: 4096 }], frames: 4096, zones: [], topOrder: 9, fromZoneStart: true },
  roomIn(space, 'rows'),
);

describe('the camera', () => {
  test('what is under the pointer stays there when it zooms', () => {
    const before = { x: 3, y: 4, scale: 20 };
    const place = onMap(view, before, 500, 300);
    const after = zoomed(view, before, 3, 500, 300);
    expect(after.scale).toBe(60);
    const [x, y] = onScreen(view, after, ...place);
    expect(x).toBeCloseTo(500);
    expect(y).toBeCloseTo(300);
  });

  test('neither leaves the map nor goes nearer or farther than is allowed', () => {
    expect(clamped(plan, view, { x: -5, y: -5, scale: 0.01 }, 350)).toEqual(whole(plan));
    expect(isWhole(plan, whole(plan))).toBe(true);
    const far = clamped(plan, view, { x: 1e6, y: 1e6, scale: 9999 }, 350);
    expect(far.scale).toBe(350);
    expect(far.x * 350 + view.width).toBeCloseTo(plan.width * 350);
    expect(far.y * 350 + view.height).toBeCloseTo(plan.height * 350);
    expect(isWhole(plan, far)).toBe(false);
    const beside = clamped(plan, view, { x: 1e6, y: 0, scale: 350 }, 350, 70);
    expect((beside.x - far.x) * 350).toBeCloseTo(70);
  });

  test('looks at a frame, and tells which one it looks at', () => {
    for (const pfn of [0, 777, 2048, 4095]) {
      const camera = lookingAt(plan, view, 200, pfn);
      if (!camera) throw new Error('no camera');
      expect(centre(plan, view, camera)).toBe(pfn);
    }
    expect(lookingAt(plan, view, 200, 4096)).toBeNull();
  });

  test('moves no farther than brings a frame into view', () => {
    const camera = { x: 10, y: 10, scale: 100 };
    const near = lookingAt(plan, view, 100, 700) ?? camera;
    expect(including(plan, view, near, 700, 20)).toEqual(near);
    const moved = including(plan, view, { x: 0, y: 0, scale: 100 }, 4095, 20);
    const [x, y] = onScreen(view, moved, plan.width, plan.height);
    expect(x).toBeCloseTo(view.left + view.width - 20);
    expect(y).toBeCloseTo(view.top + view.height - 20);
  });

  test('the small picture of everything stands inside the canvas', () => {
    const place = overviewPlace(plan, space, 'rows');
    expect(place.left).toBeGreaterThan(view.left);
    expect(place.left + place.width).toBeLessThan(view.left + view.width);
    expect(place.top + place.height).toBeLessThan(view.top + view.height);
  });
});

describe('outlines', () => {
  test('of one rectangle: its corners', () => {
    const [line, ...more] = outline([{ x: 2, y: 3, width: 4, height: 5 }]);
    expect(more).toEqual([]);
    expect([...(line ?? [])].sort()).toEqual(
      [
        [2, 3],
        [6, 3],
        [6, 8],
        [2, 8],
      ].sort(),
    );
  });

  test('of neighbours: one line around both', () => {
    const lines = outline([
      { x: 3, y: 0, width: 5, height: 1 },
      { x: 0, y: 1, width: 8, height: 2 },
      { x: 0, y: 3, width: 2, height: 1 },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toHaveLength(8);
  });

  test('of what lies apart: a line each; of a ring: two', () => {
    const square = (x: number, y: number) => ({ x, y, width: 1, height: 1 });
    expect(outline([square(0, 0), square(5, 5)])).toHaveLength(2);
    const ring = [0, 1, 2].flatMap((x) => [0, 1, 2].filter((y) => x !== 1 || y !== 1).map((y) => square(x, y)));
    expect(outline(ring)).toHaveLength(2);
  });

  test('around frames: as large as can be seen, and nowhere where they are out of view', () => {
    const small = { x: 0, y: 0, scale: 1 };
    const [line] = linesAround(plan, view, small, [0, 1], 14);
    const xs = (line ?? []).map(([x]) => x);
    expect(Math.max(...xs) - Math.min(...xs)).toBe(14);
    expect(linesAround(plan, view, { x: 0, y: 0, scale: 300 }, [4000, 8], 14)).toEqual([]);
    expect(pathAround(plan, view, { x: 0, y: 0, scale: 300 }, [4000, 8], 14, 2)).toBe('');
    expect(pathAround(plan, view, small, [0, 64], 14, 2)).toMatch(/^M[\d.]+ .*Z$/);
  });
});
