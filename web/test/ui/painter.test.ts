import { beforeAll, describe, expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import { cardLines, linkText } from '../../src/map/labels.ts';
import { MapPainter, type Picture } from '../../src/map/painter.ts';
import { word } from '../../src/map/patterns.ts';
import { type LayoutName, makePlan } from '../../src/map/plan.ts';
import { roomIn } from '../../src/map/view.ts';

interface Image {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** As much of a canvas as the painter needs: what it puts, strokes and writes is kept. */
class Canvas {
  width = 0;
  height = 0;
  pixels = new Uint32Array(0);
  puts: Image[] = [];
  strokes: string[] = [];
  texts: string[] = [];
  alphas: number[] = [];

  forget(): void {
    this.puts = [];
    this.strokes = [];
    this.texts = [];
    this.alphas = [];
  }

  getContext(): unknown {
    const nothing = (): void => undefined;
    const context = {
      strokeStyle: '',
      globalAlpha: 1,
      putImageData: (image: Image) => {
        this.puts.push(image);
        if (image.width === this.width) this.pixels = Uint32Array.from(new Uint32Array(image.data.buffer));
      },
      drawImage: () => this.alphas.push(context.globalAlpha),
      stroke: () => this.strokes.push(context.strokeStyle),
      strokeRect: nothing,
      fillText: (text: string) => this.texts.push(text),
      fillRect: nothing,
      beginPath: nothing,
      closePath: nothing,
      moveTo: nothing,
      lineTo: nothing,
      rect: nothing,
      clip: nothing,
      save: nothing,
      restore: nothing,
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

class Offscreen extends Canvas {
  constructor(width: number, height: number) {
    super();
    this.width = width;
    this.height = height;
  }
}

beforeAll(() => {
  Object.assign(globalThis, { ImageData: Pixels, OffscreenCanvas: Offscreen });
});

const PAPER = '#fcfaf6';
const ACCENT = '#aa0000';
const shade = (state: number): string => `#${(0x101010 * (state + 1)).toString(16).padStart(6, '0')}`;
const colours = {
  paper: PAPER,
  accent: ACCENT,
  ink: '#000001',
  mark: '#cc0000',
  ...Object.fromEntries(
    STATES.flatMap((name, state) => [
      [name, shade(state)],
      [`${name}-line`, shade(state)],
    ]),
  ),
};

/** A painter whose clock and frames the test turns. */
class Stage {
  readonly canvas = new Canvas();
  time = 0;
  /** Milliseconds between two looks at the clock. */
  pace = 0;
  private due: ((now: number) => void) | null = null;
  readonly painter = new MapPainter(
    (draw) => {
      this.due = draw;
    },
    () => {
      this.time += this.pace;
      return this.time;
    },
  );
  private readonly space: { width: number; height: number; ratio: number };
  private readonly frames: number;

  constructor(frames: number, layout: LayoutName = 'rows', width = 400, height = 300) {
    this.space = { width, height, ratio: 1 };
    this.frames = frames;
    this.painter.obey({ what: 'canvas', canvas: this.canvas as unknown as OffscreenCanvas });
    this.painter.obey({ what: 'space', space: this.space });
    this.painter.setTheme({ dark: false, colours });
    this.plan(layout);
  }

  planOf(layout: LayoutName) {
    const { frames } = this;
    const nodes = [{ start_pfn: 0, pages: frames }];
    const input = { layout, nodes, frames, zones: [], topOrder: 9, fromZoneStart: true };
    return makePlan(input, roomIn(this.space, layout));
  }

  plan(layout: LayoutName, calm = false): void {
    this.painter.obey({ what: 'plan', plan: this.planOf(layout), zones: [], calm });
  }

  show(paint: ArrayLike<number>, more: Partial<Picture> = {}): void {
    const bytes = paint instanceof Uint8Array ? paint : Uint8Array.from(paint);
    this.painter.show({
      bytes,
      changed: null,
      touched: [],
      altered: [],
      steps: [],
      blocks: null,
      card: () => null,
      ...more,
    });
  }

  /** The next frame; says whether there was one to draw. */
  frame(ms = 16): boolean {
    this.time += ms;
    const draw = this.due;
    this.due = null;
    draw?.(this.time);
    return draw !== null;
  }
}

const state = (name: (typeof STATES)[number]): number => STATES.indexOf(name);

function painted(paint: number[], more: Partial<Picture> = {}, layout: LayoutName = 'rows'): Canvas {
  const stage = new Stage(paint.length, layout);
  stage.show(paint, more);
  return stage.canvas;
}

const count = (canvas: Canvas, colour: string): number =>
  canvas.pixels.reduce((sum, pixel) => sum + (pixel === word(colour) ? 1 : 0), 0);

test('every state is drawn in its colour', () => {
  const canvas = painted(STATES.map((_, i) => i));
  for (const i of STATES.keys()) expect(canvas.pixels).toContain(word(shade(i)));
});

for (const layout of ['rows', 'quilt'] as const)
  test(`two blocks side by side are two pieces, one block is one: ${layout}`, () => {
    const buddy = state('buddy');
    const one = painted([0x10 | buddy, buddy, buddy, buddy], {}, layout);
    const two = painted([0x10 | buddy, buddy, 0x10 | buddy, buddy], {}, layout);
    expect(count(two, PAPER)).toBeGreaterThan(count(one, PAPER));
  });

test('a block too large to see a frame of has its outline in the quilt', () => {
  const frames = 1 << 18;
  const papers = [10, 9, 8].map((order) => {
    const paint = new Uint8Array(frames).fill(state('buddy'));
    for (let pfn = 0; pfn < frames; pfn += 2 ** order) paint[pfn] = 0x10 | state('buddy');
    const stage = new Stage(frames, 'quilt', 400, 300);
    stage.show(paint);
    return count(stage.canvas, PAPER);
  });
  expect(papers[1]).toBeGreaterThan((papers[0] ?? 0) + 1000);
  expect(papers[2]).toBeGreaterThan((papers[1] ?? 0) + 1000);
});

test('a marked frame carries the mark', () => {
  expect(painted([state('allocated') | 0x30]).pixels).toContain(word('#cc0000'));
  expect(painted([state('allocated') | 0x10]).pixels).not.toContain(word('#cc0000'));
});

describe('where a pixel stands for many frames', () => {
  const frames = 1 << 20;

  test('it has the mixture of their colours', () => {
    const paint = Uint8Array.from({ length: frames }, (_, pfn) => state(pfn % 2 === 0 ? 'buddy' : 'allocated'));
    const stage = new Stage(frames);
    stage.show(paint);
    const half = 0x10 * ((state('buddy') + state('allocated')) / 2 + 1);
    expect(stage.canvas.pixels).toContain((0xff000000 | (half << 16) | (half << 8) | half) >>> 0);
    expect(count(stage.canvas, shade(state('allocated')))).toBe(0);
  });

  test('one lost frame is still seen', () => {
    const paint = new Uint8Array(frames).fill(state('buddy'));
    paint[123_457] = state('lost');
    const stage = new Stage(frames, 'rows', 200, 60);
    stage.show(paint);
    expect(stage.canvas.pixels).toContain(word('#cc0000'));
  });

  test('what changed is drawn, and nothing else is read', () => {
    const paint = new Uint8Array(frames).fill(state('buddy'));
    const stage = new Stage(frames, 'quilt');
    stage.show(paint);
    paint.fill(state('allocated'), 4096, 8192);
    stage.show(paint, { changed: [[4096, 4096]] });
    const partly = stage.canvas.pixels.slice();
    stage.show(paint, { changed: null });
    expect(partly).toEqual(stage.canvas.pixels);
    expect(count(stage.canvas, shade(state('allocated')))).toBeGreaterThan(100);
  });

  describe.each(['rows', 'quilt'] as const)('it takes time to build: %s', (layout) => {
    const more = 1 << 21;
    const shown = 1 << state('allocated');
    const busy = (): [Stage, Uint8Array] => {
      const paint = Uint8Array.from({ length: more }, (_, pfn) => state(pfn % 8 < 4 ? 'buddy' : 'allocated'));
      const stage = new Stage(more, layout);
      stage.show(paint);
      stage.pace = 7;
      return [stage, paint];
    };
    const fresh = (paint: Uint8Array): Canvas => {
      const stage = new Stage(more, layout);
      stage.painter.obey({ what: 'shown', states: shown });
      stage.show(paint);
      return stage.canvas;
    };

    test('what was there stays until it is done', () => {
      const [stage, paint] = busy();
      const before = stage.canvas.pixels.slice();
      stage.painter.obey({ what: 'shown', states: shown });
      stage.frame();
      expect(stage.canvas.pixels).toEqual(before);
      let frames = 1;
      while (stage.frame()) frames++;
      expect(frames).toBeGreaterThan(3);
      expect(stage.canvas.pixels).toEqual(fresh(paint).pixels);
    });

    test('what changes meanwhile is not lost', () => {
      const [stage, paint] = busy();
      stage.painter.obey({ what: 'shown', states: shown });
      stage.frame();
      stage.frame();
      for (const [pfn, count] of [
        [0, 4096],
        [more - 8192, 8192],
      ] as const) {
        paint.fill(state('pcp'), pfn, pfn + count);
        stage.show(paint, { changed: [[pfn, count]] });
      }
      while (stage.frame());
      expect(stage.canvas.pixels).toEqual(fresh(paint).pixels);
    });

    test('who wants something else again and again sees it all the same', () => {
      const [stage, paint] = busy();
      stage.painter.obey({ what: 'shown', states: 1 });
      stage.frame();
      stage.painter.obey({ what: 'shown', states: shown });
      stage.frame();
      expect(stage.canvas.pixels).toEqual(fresh(paint).pixels);
    });
  });
});

test('the frames of the operation are outlined in the accent, those it changed thinly', () => {
  const paint = new Array<number>(64).fill(state('buddy'));
  expect(painted(paint).strokes).toEqual([]);
  expect(painted(paint, { touched: [[8, 4]] }).strokes).toEqual([PAPER, ACCENT]);
  expect(painted(paint, { touched: [[8, 4]], altered: [[0, 16]] }).strokes).toEqual([PAPER, '#000001', PAPER, ACCENT]);
  expect(painted(paint, { touched: [[900, 4]] }).strokes).toEqual([]);
});

test('large cells carry their numbers', () => {
  expect(painted(new Array<number>(16).fill(1)).texts).toContain('f');
});

describe('near', () => {
  const card = { count: 1, reserved: true, next: 0xffffffff, prev: 3 };

  test("a frame's struct page can be read, as far as there is room", () => {
    expect(cardLines(0x1f3, 40, card, 100)).toEqual(['1f3']);
    expect(cardLines(0x1f3, 80, card, 100)).toEqual(['1f3', 'count 1']);
    expect(cardLines(0x1f3, 170, card, 100)).toEqual(['1f3', 'count 1', 'flags PG_reserved', 'next NULL', 'prev 3']);
    expect(cardLines(0x1f3, 170, null, 100)).toEqual(['1f3']);
    expect(linkText(0xfffffffe, 100)).toBe('POISON');
    expect(linkText(99, 100)).toBe('63');
    expect(linkText(100, 100)).toBe('list head');
  });

  test('cells show it, and a small picture shows everything', () => {
    const stage = new Stage(1024);
    stage.show(new Uint8Array(1024).fill(1), { card: () => card });
    expect(stage.canvas.puts).toHaveLength(1);
    stage.canvas.forget();
    stage.painter.obey({ what: 'camera', camera: { x: 3, y: 2, scale: 170 } });
    expect(stage.frame()).toBe(true);
    expect(stage.canvas.texts).toContain('flags PG_reserved');
    expect(stage.canvas.puts).toHaveLength(2);
    expect(stage.frame()).toBe(false);
  });
});

test('states that are not asked for fade', () => {
  const stage = new Stage(64);
  stage.show(new Array<number>(64).fill(state('allocated')));
  expect(stage.canvas.pixels).toContain(word(shade(state('allocated'))));
  stage.painter.obey({ what: 'shown', states: 1 << state('buddy') });
  stage.frame();
  expect(stage.canvas.pixels).not.toContain(word(shade(state('allocated'))));
});

describe('movement', () => {
  const steps = [{ kind: 'split', pfn: 0, order: 3 } as const];

  test('a split is seen, and then over', () => {
    const stage = new Stage(64);
    stage.show(new Array<number>(64).fill(state('buddy')), { steps });
    expect(stage.canvas.strokes.length).toBeGreaterThan(0);
    let frames = 0;
    while (stage.frame()) frames++;
    expect(frames).toBeGreaterThan(5);
    stage.canvas.forget();
    stage.painter.obey({ what: 'shown', states: 0xff });
    stage.frame();
    expect(stage.canvas.strokes).toEqual([]);
  });

  test('nothing moves where the viewer wants it calm', () => {
    const stage = new Stage(64);
    stage.plan('rows', true);
    stage.show(new Array<number>(64).fill(state('buddy')), { steps });
    expect(stage.canvas.strokes).toEqual([]);
    stage.plan('quilt', true);
    expect(stage.frame()).toBe(true);
    expect(stage.frame()).toBe(false);
  });

  test('frames go from their place in one layout to that in the other', () => {
    const stage = new Stage(64);
    stage.show(new Array<number>(64).fill(state('allocated')));
    const before = stage.canvas.pixels.slice();
    stage.plan('quilt');
    stage.frame(200);
    const between = stage.canvas.pixels.slice();
    while (stage.frame());
    const after = stage.canvas.pixels.slice();
    const fresh = new Stage(64, 'quilt');
    fresh.show(new Array<number>(64).fill(state('allocated')));
    expect(after).toEqual(fresh.canvas.pixels);
    expect(between).not.toEqual(before);
    expect(between).not.toEqual(after);
    expect(stage.canvas.alphas).toEqual([]);
  });

  test('a large map fades over', () => {
    const stage = new Stage(1 << 17);
    stage.show(new Uint8Array(1 << 17).fill(state('allocated')));
    stage.plan('quilt');
    while (stage.frame(50));
    expect(stage.canvas.alphas.length).toBeGreaterThan(4);
    expect(stage.canvas.alphas).toEqual([...stage.canvas.alphas].sort((a, b) => b - a));
  });
});
