import { beforeAll, expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import { MapPainter } from '../../src/map/painter.ts';
import { word } from '../../src/map/patterns.ts';

/** As much of a canvas as the painter needs: what it puts, strokes and writes is kept. */
class Canvas {
  width = 0;
  height = 0;
  pixels = new Uint32Array(0);
  readonly strokes: string[] = [];
  readonly texts: string[] = [];
  getContext(): unknown {
    const context = {
      strokeStyle: '',
      putImageData: (image: { data: Uint8ClampedArray }) => {
        this.pixels = Uint32Array.from(new Uint32Array(image.data.buffer));
      },
      stroke: () => this.strokes.push(context.strokeStyle),
      fillText: (text: string) => this.texts.push(text),
      measureText: (text: string) => ({ width: 6 * text.length }),
      fillRect: () => undefined,
      beginPath: () => undefined,
      closePath: () => undefined,
      lineTo: () => undefined,
    };
    return context;
  }
}

class Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

beforeAll(() => {
  Object.assign(globalThis, { ImageData: Pixels });
});

const PAPER = '#fcfaf6';
const shade = (state: number): string => `#${(0x101010 * (state + 1)).toString(16).padStart(6, '0')}`;
const colours = {
  paper: PAPER,
  accent: '#aa0000',
  ink: '#000001',
  mark: '#cc0000',
  ...Object.fromEntries(
    STATES.flatMap((name, state) => [
      [name, shade(state)],
      [`${name}-line`, shade(state)],
    ]),
  ),
};

function painted(paint: number[], width = 400, height = 300, touched: [number, number][] = []) {
  const painter = new MapPainter();
  const canvas = new Canvas();
  painter.setCanvas(canvas as unknown as OffscreenCanvas);
  painter.resize(width, height, 1);
  painter.setTheme({ dark: false, colours });
  painter.setMachine({ nodes: [{ start_pfn: 0, pages: paint.length }], frames: paint.length, zones: [] });
  painter.draw(Uint8Array.from(paint), touched);
  return { painter, canvas };
}

const state = (name: (typeof STATES)[number]): number => STATES.indexOf(name);

test('every state is drawn in its colour', () => {
  const { canvas } = painted(STATES.map((_, i) => i));
  for (const i of STATES.keys()) expect(canvas.pixels).toContain(word(shade(i)));
});

test('two blocks side by side are two pieces, one block is one', () => {
  const buddy = state('buddy');
  const paper = (paint: number[]): number =>
    painted(paint).canvas.pixels.reduce((sum, pixel) => sum + (pixel === word(PAPER) ? 1 : 0), 0);
  const one = [0x10 | buddy, buddy, buddy, buddy];
  const two = [0x10 | buddy, buddy, 0x10 | buddy, buddy];
  expect(paper(two)).toBeGreaterThan(paper(one));
});

test('a marked frame carries the mark', () => {
  const marked = painted([state('allocated') | 0x30]);
  expect(marked.canvas.pixels).toContain(word('#cc0000'));
  expect(painted([state('allocated') | 0x10]).canvas.pixels).not.toContain(word('#cc0000'));
});

test('where a pixel stands for many frames, one lost frame is still seen', () => {
  const paint = new Array<number>(1 << 18).fill(state('buddy'));
  paint[123_457] = state('lost');
  const { canvas } = painted(paint, 200, 60);
  expect(canvas.pixels).toContain(word(shade(state('lost'))));
});

test('the frames of the operation are outlined in the accent', () => {
  const paint = new Array<number>(64).fill(state('buddy'));
  expect(painted(paint).canvas.strokes).toEqual([]);
  expect(painted(paint, 400, 300, [[8, 4]]).canvas.strokes).toEqual([PAPER, '#aa0000']);
  expect(painted(paint, 400, 300, [[900, 4]]).canvas.strokes).toEqual([]);
});

test('large cells carry their numbers', () => {
  const { canvas } = painted([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(canvas.texts).toContain('f');
});
