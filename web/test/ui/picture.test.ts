import { describe, expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import { onScreen, whole } from '../../src/map/camera.ts';
import { HEAD } from '../../src/map/patterns.ts';
import { MOST_SHAPES, piecesOf, type Scene, svgOf, wrapped } from '../../src/map/picture.ts';
import { makePlan } from '../../src/map/plan.ts';
import { roomIn, viewport } from '../../src/map/view.ts';

const THEME = { dark: false, colours: {} };

const RESERVED = STATES.indexOf('reserved');
const ALLOCATED = STATES.indexOf('allocated');

function scene(frames: number, code: (pfn: number) => number, single = 0): Scene {
  const space = { width: 600, height: 500, ratio: 1 };
  const plan = makePlan(
    {
      layout: 'quilt',
      nodes: [{ start_pfn: 0, pages: frames }],
      zones: [],
      frames,
      topOrder: 9,
      fromZoneStart: false,
    },
    roomIn(space, 'quilt'),
  );
  const bytes = Uint8Array.from({ length: frames }, (_, pfn) => code(pfn));
  const view = viewport(space, 'quilt');
  return { plan, view, camera: whole(plan), space, theme: THEME, bytes, shown: 0xffff, single, over: () => undefined };
}

const caption = {
  title: 'A <title> & "more"',
  text: 'What happened.',
  heads: [],
  legend: [{ state: ALLOCATED, text: 'allocated 3' }],
};
const textOf = (made: Scene): string => new TextDecoder().decode(svgOf(made, caption)?.bytes);

describe('pieces', () => {
  test('a block is one, neighbours in one state without blocks are one, the absent are none', () => {
    const codes = [RESERVED, RESERVED, ALLOCATED | HEAD, ALLOCATED, ALLOCATED | HEAD, ALLOCATED, 0, 0];
    expect(
      [...piecesOf(scene(8, (pfn) => codes[pfn] ?? 0))].map(({ pfn, count, state }) => [pfn, count, state]),
    ).toEqual([
      [0, 2, RESERVED],
      [2, 2, ALLOCATED],
      [4, 2, ALLOCATED],
    ]);
  });

  test('where there is room, frames that stand alone are drawn alone', () => {
    expect([...piecesOf(scene(8, () => RESERVED, 1 << RESERVED))]).toHaveLength(8);
  });
});

describe('an SVG', () => {
  test('tells its words as text, and no sign of them is taken for its own', () => {
    const text = textOf(scene(64, (pfn) => (pfn % 4 === 0 ? ALLOCATED | HEAD : ALLOCATED)));
    expect(text).toContain('A &lt;title&gt; &amp; &quot;more&quot;');
    expect(text).toContain('<title>0x3c–0x3f</title>');
    expect(text.match(/<path [^>]*><title>/g)).toHaveLength(16);
  });

  test('has a legend of states, and below it one of pageblocks with their edges', () => {
    const colours = { 'type-movable': '#123456', ink: '#654321' };
    const made = { ...scene(64, () => ALLOCATED), theme: { dark: false, colours } };
    const pageblocks = [
      { text: 'Pageblocks:' },
      { edge: 'type-movable', text: 'Movable 30' },
      { edge: 'ink', isDashed: true, text: 'mixed 2' },
    ];
    const svg = svgOf(made, { ...caption, legend: [...caption.legend, ...pageblocks] });
    const text = new TextDecoder().decode(svg?.bytes);
    expect(text).toMatch(/<rect [^>]*stroke="#123456"(?![^>]*dasharray)[^>]*\/><text [^>]*>Movable 30</);
    expect(text).toMatch(/<rect [^>]*stroke="#654321"[^>]*stroke-dasharray="3 3"[^>]*\/><text [^>]*>mixed 2</);
    const placeOf = (words: string): number[] =>
      (new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${words}<`).exec(text)?.slice(1) ?? []).map(Number);
    const [[, first], [left, second], [, third]] = ['allocated 3', 'Pageblocks:', 'mixed 2'].map(placeOf) as [
      number[],
      number[],
      number[],
    ];
    expect(left).toBe(16);
    expect(second).toBe((first ?? 0) + 20);
    expect(third).toBe(second);
  });

  test('of too many shapes is none', () => {
    const striped = (frames: number): Scene => scene(frames, (pfn) => (pfn % 2 ? RESERVED : ALLOCATED));
    expect(svgOf(striped(MOST_SHAPES), caption)).not.toBeNull();
    expect(svgOf(striped(MOST_SHAPES + 2), caption)).toBeNull();
  });

  test('has the head of a region on a ground of its own where it stands over cells', () => {
    const made = scene(64, () => ALLOCATED);
    const lower = { ...made, camera: { ...made.camera, y: -40 / made.camera.scale } };
    const withHead = (one: Scene): string =>
      new TextDecoder().decode(svgOf(one, { ...caption, heads: ['Node 0'] })?.bytes);
    expect(withHead(made)).toMatch(/<rect [^>]*fill="#ffffff"[^>]*\/><text [^>]*>Node 0/);
    expect(withHead(lower)).toMatch(/<text [^>]*>Node 0/);
    expect(withHead(lower)).not.toMatch(/<rect [^>]*fill="#ffffff"[^>]*\/><text [^>]*>Node 0/);
  });

  test('has each block where the map has it', () => {
    const made = scene(64, (pfn) => (pfn % 4 === 0 ? ALLOCATED | HEAD : ALLOCATED));
    const [left, top] = onScreen(made.view, made.camera, 0, 0);
    const path = /<path d="M([\d.]+) ([\d.]+)/.exec(textOf(made).replace(/<clipPath.*?<\/clipPath>/g, ''));
    expect(path?.slice(1).map(Number)).toEqual([left, top]);
  });
});

test('lines break between words, and a word too long stands alone', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('incomprehensible yes', 5)).toEqual(['incomprehensible', 'yes']);
  expect(wrapped('', 5)).toEqual([]);
});
