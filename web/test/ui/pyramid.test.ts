import { describe, expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import { CODES, HEAD, looksOf, MANY, MARKED, NOTHING } from '../../src/map/patterns.ts';
import { type LayoutName, makePlan } from '../../src/map/plan.ts';
import { Pyramid } from '../../src/map/pyramid.ts';

const ROOM = { width: 300, height: 300, head: 26, most: 40, ample: 28 };
/** Two states in colours that are easy to count with. */
const colours = { paper: '#ffffff', buddy: '#000000', allocated: '#f00000', mark: '#00ff00' };
const looks = looksOf({ dark: false, colours }, 1, 0xff);
const [BUDDY, ALLOCATED, LOST] = ['buddy', 'allocated', 'lost'].map((name) => STATES.indexOf(name as 'buddy')) as [
  number,
  number,
  number,
];

function pyramid(layout: LayoutName, bytes: Uint8Array): Pyramid {
  const plan = makePlan(
    {
      layout,
      nodes: [{ start_pfn: 0, pages: bytes.length }],
      frames: bytes.length,
      zones: [],
      topOrder: 9,
      fromZoneStart: true,
    },
    ROOM,
  );
  const [region] = plan.regions;
  if (!region) throw new Error('no region');
  const made = new Pyramid(plan, region, bytes);
  made.build(looks);
  return made;
}

const top = (made: Pyramid): number => made.levels.at(-1)?.cells[0] ?? 0;
const red = (colour: number): number => colour & 0xff;

for (const layout of ['rows', 'quilt'] as const)
  describe(layout, () => {
    test('a cell has as much of a colour as frames under it have', () => {
      for (const share of [1 / 16, 1 / 4, 1 / 2, 3 / 4]) {
        // Spread evenly, so that no cell of the first levels is of one state.
        const bytes = Uint8Array.from({ length: 4096 }, (_, pfn) => ((pfn * 5) % 16 < share * 16 ? ALLOCATED : BUDDY));
        expect(Math.abs(red(top(pyramid(layout, bytes))) - 0xf0 * share), `${share}`).toBeLessThanOrEqual(4);
      }
    });

    test('frames of one state stay that state, however far away', () => {
      const made = pyramid(layout, new Uint8Array(1024).fill(BUDDY));
      for (const level of made.levels) expect(new Set(level.cells)).toEqual(new Set([BUDDY]));
    });

    test('trouble is seen from anywhere', () => {
      for (const wrong of [LOST, ALLOCATED | HEAD | MARKED]) {
        const bytes = new Uint8Array(4096).fill(BUDDY);
        bytes[1234] = wrong;
        const made = pyramid(layout, bytes);
        for (const level of made.levels) expect(level.cells).toContain(looks.mark);
      }
      const all = pyramid(layout, new Uint8Array(1024).fill(LOST));
      expect(top(all)).toBe(LOST);
    });

    test('where the map has no frames, there is paper', () => {
      const made = pyramid(layout, new Uint8Array(65).fill(ALLOCATED));
      const cells = [...(made.levels[0]?.cells ?? [])];
      expect(cells).toContain(NOTHING);
      expect(cells.some((cell) => cell >= CODES)).toBe(true);
    });

    test('frames that are read together are the same as one by one', () => {
      const codes = [BUDDY, BUDDY, BUDDY | HEAD, ALLOCATED, LOST, ALLOCATED | MARKED | HEAD];
      for (const frames of [4096, 5000, 777]) {
        const bytes = Uint8Array.from(
          { length: frames },
          (_, pfn) => codes[(pfn * pfn * 7) % (pfn < 300 ? 6 : 4)] ?? 0,
        );
        const apart = new Uint8Array(frames + 1).subarray(1);
        apart.set(bytes);
        expect(pyramid(layout, bytes).levels).toEqual(pyramid(layout, apart).levels);
      }
    });

    test('an update brings the same as building anew', () => {
      let seed = 5;
      const roll = (n: number): number => {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        return (seed >>> 8) % n;
      };
      const bytes = new Uint8Array(5000).fill(BUDDY);
      const made = pyramid(layout, bytes);
      for (let i = 0; i < 60; i++) {
        const [pfn, count] = [roll(5000), roll(3) === 0 ? 1 + roll(1500) : 1 << roll(6)];
        bytes.fill([BUDDY, ALLOCATED, ALLOCATED | HEAD, LOST][roll(4)] ?? 0, pfn, pfn + count);
        made.update(pfn, count, looks);
        const fresh = pyramid(layout, bytes);
        expect(made.levels).toEqual(fresh.levels);
      }
    });
  });

test('in a quilt a cell knows whether one block begins in it, or several do', () => {
  const bytes = new Uint8Array(1024).fill(BUDDY);
  bytes[0] = BUDDY | HEAD;
  bytes[512] = BUDDY | HEAD;
  const made = pyramid('quilt', bytes);
  const codes = made.levels.map(({ cells }) => new Set(cells));
  expect(codes[3]).toEqual(new Set([BUDDY | HEAD, BUDDY]));
  expect(codes[4]).toEqual(new Set([BUDDY | HEAD | MANY]));
});
