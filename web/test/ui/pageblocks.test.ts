import { describe, expect, test } from 'vitest';
import type { Camera } from '../../src/map/camera.ts';
import type { Context } from '../../src/map/labels.ts';
import { drawPageblocks, type Pageblocks, pixelPen, type Scene, writeTypes } from '../../src/map/pageblocks.ts';
import { MIXED, word } from '../../src/map/patterns.ts';
import { type LayoutName, makePlan } from '../../src/map/plan.ts';
import { Pyramid } from '../../src/map/pyramid.ts';
import { roomIn, viewport } from '../../src/map/view.ts';
import { ONLY_MIXED } from '../../src/protocol.ts';
import { pageblockText } from '../../src/words/pageblocks.ts';

const NAMES = ['Unmovable', 'Movable', 'Reclaimable'];
const [UNMOVABLE, MOVABLE] = [0, 1];
const UNKNOWN = 15;
const colours: Record<string, string> = {
  paper: '#ffffff',
  'type-unmovable': '#800000',
  'type-movable': '#008000',
  'type-reclaimable': '#000080',
};
const FRAME = word('#cccccc');
const theme = { dark: false, colours };

interface Options {
  layout?: LayoutName;
  asked?: number;
  first?: number;
  order?: number;
}

/** What is drawn over grey frames, whole or from a place and as large as is said. */
function drawn(
  codes: number[],
  { layout = 'quilt', asked = 0, first = 0, order = 9, ...camera }: Partial<Camera> & Options = {},
) {
  const space = { width: 500, height: 400, ratio: 1 };
  const frames = codes.length * 2 ** order;
  const nodes = [{ start_pfn: first, pages: frames - first }];
  const plan = makePlan(
    { layout, nodes, frames, zones: [], topOrder: 10, fromZoneStart: false },
    roomIn(space, layout),
  );
  const view = viewport(space, layout);
  const blocks: Pageblocks = { order, codes: Uint8Array.from(codes), names: NAMES };
  const cells = plan.regions.map((region) => new Pyramid(plan, region, new Uint8Array(frames)));
  const scene: Scene = {
    plan,
    cells,
    view,
    camera: { x: 0, y: 0, scale: plan.scale, ...camera },
    space,
    theme,
    blocks,
    asked,
  };
  const pixels = new Uint32Array(space.width * space.height).fill(FRAME);
  drawPageblocks(pixelPen({ pixels, width: space.width, height: space.height }, view, theme), scene);
  const of = (colour: string): number =>
    pixels.reduce((sum, pixel) => sum + (pixel === word(colours[colour] ?? '') ? 1 : 0), 0);
  const outside = pixels.filter((pixel, i) => pixel !== FRAME && i % space.width < view.left).length;
  return { of, outside, pixels, scene, untouched: pixels.filter((pixel) => pixel === FRAME).length };
}

for (const layout of ['rows', 'quilt'] as const)
  describe(layout, () => {
    test('each block has an edge in the colour of its type', () => {
      const { of, outside } = drawn([UNMOVABLE, MOVABLE, MOVABLE, MOVABLE], { layout });
      expect(of('type-unmovable')).toBeGreaterThan(100);
      expect(of('type-movable')).toBeGreaterThan(2.5 * of('type-unmovable'));
      expect(of('type-movable')).toBeLessThan(3.5 * of('type-unmovable'));
      expect(of('type-reclaimable')).toBe(0);
      expect(outside).toBe(0);
    });

    test('a mixed one is seen to be mixed, and stays of its type', () => {
      const [pure, mixed] = [drawn([MOVABLE, MOVABLE], { layout }), drawn([MOVABLE, MOVABLE | MIXED], { layout })];
      expect(pure.of('paper')).toBe(0);
      expect(mixed.of('paper')).toBeGreaterThan(100);
      expect(mixed.of('type-movable')).toBeGreaterThan(pure.of('type-movable') / 2);
    });

    test('where no type is known, and where there are no frames, nothing is drawn', () => {
      expect(drawn([UNKNOWN, UNKNOWN], { layout }).untouched).toBe(500 * 400);
    });

    test('so many that they cannot be told apart have a share each, and a mixed one among them is not lost', () => {
      const codes = Array.from({ length: 1 << 15 }, (_, i) => (i % 4 === 0 ? UNMOVABLE : MOVABLE));
      const { of, untouched } = drawn(codes, { layout });
      expect(of('type-unmovable')).toBeGreaterThan(0.15 * of('type-movable'));
      expect(of('type-unmovable')).toBeLessThan(0.6 * of('type-movable'));
      expect(untouched).toBeGreaterThan(0.5 * 500 * 400);
      codes[12345] = MOVABLE | MIXED;
      expect(drawn(codes, { layout, asked: ONLY_MIXED }).of('type-movable')).toBeGreaterThan(0);
    });

    test('those that are not asked for go towards the paper, and lose their edges', () => {
      const codes = [UNMOVABLE, MOVABLE, MOVABLE | MIXED, MOVABLE];
      const one = drawn(codes, { layout, asked: 1 << UNMOVABLE });
      expect(one.of('type-movable')).toBe(0);
      expect(one.of('type-unmovable')).toBe(drawn(codes, { layout }).of('type-unmovable'));
      expect(one.pixels.some((pixel) => pixel !== FRAME && (pixel & 0xff) > 0xf0)).toBe(true);
      const mixed = drawn(codes, { layout, asked: (1 << MOVABLE) | ONLY_MIXED });
      expect(mixed.of('type-movable')).toBeGreaterThan(0);
      expect(mixed.of('type-movable')).toBeLessThan(drawn(codes, { layout }).of('type-movable'));
      expect(drawn(codes, { layout, asked: (1 << UNMOVABLE) | ONLY_MIXED }).of('type-unmovable')).toBe(0);
    });

    test('from near each frame has a corner in the colour of its block', () => {
      const { of } = drawn([MOVABLE, UNMOVABLE, MOVABLE, MOVABLE], { layout, scale: 60, x: 4, y: 2 });
      expect(of('type-movable')).toBeGreaterThan(300);
    });
  });

test('a first block that the node has only a part of is drawn as far as it goes', () => {
  const [part, whole] = [64 * 3, 0].map((first) => drawn([MOVABLE], { layout: 'rows', first }).of('type-movable'));
  expect(part).toBeGreaterThan(0);
  expect(part).not.toBe(whole);
  const { of } = drawn([UNMOVABLE, MOVABLE], { layout: 'rows', first: 500 });
  expect([of('type-unmovable') > 0, of('type-movable') > 0]).toEqual([true, true]);
});

test('names are written where there is room, and otherwise a letter', () => {
  const written = (codes: number[], camera = {}): string[] => {
    const texts: string[] = [];
    const context = { fillRect: () => undefined, fillText: (text: string) => texts.push(text) };
    writeTypes(context as unknown as Context, drawn(codes, camera).scene);
    return texts;
  };
  expect(written([UNMOVABLE, MOVABLE])).toEqual(['Unmovable', 'Movable']);
  expect(written(Array.from({ length: 64 }, () => MOVABLE))).toEqual(Array.from({ length: 64 }, () => 'M'));
  expect(written(Array.from({ length: 4096 }, () => MOVABLE))).toEqual([]);
});

test('a block is told with the types of others in it', () => {
  const block = { pfn: 0, blocks: 1, type: 1, listed: 0b10, asked: 0b111, mixed: true };
  expect(pageblockText('en', NAMES, block)).toBe('Movable, mixed: also Unmovable, Reclaimable');
  expect(pageblockText('ru', NAMES, { ...block, asked: 0b10, mixed: false })).toBe('Movable');
});
