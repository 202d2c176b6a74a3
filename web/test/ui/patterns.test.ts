import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KERNELS, STATES } from '../../src/generated/tables.ts';
import { colourOf } from '../../src/map/pageblocks.ts';
import { blend, HEAD, lookOf, looksOf, MARKED, NOTHING, textOn, word } from '../../src/map/patterns.ts';
import { inRepository } from '../core/helpers.ts';
import { difference, EYES, lab, linearOf, luminance, seenBy } from './colour.ts';

const colours = Object.fromEntries(
  STATES.flatMap((name) => [
    [name, '#ffffff'],
    [`${name}-line`, '#000000'],
  ]),
);

test('a colour is a word of ImageData', () => {
  expect(word('#010203')).toBe(0xff030201);
  expect(word(' #ffffff ')).toBe(0xffffffff);
  expect(blend(word('#000000'), word('#ff8000'), 0.5)).toBe(word('#804000'));
});

test('states that can stand side by side differ in pattern, or in lightness where they have none', () => {
  const plain = new Set(['hole', 'buddy', 'allocated']);
  const seen = new Map<string, string>();
  STATES.forEach((name, state) => {
    const tile = lookOf({ dark: false, colours }, state, 1).tile.join();
    if (!plain.has(name)) expect(seen.get(tile)).toBeUndefined();
    seen.set(tile, name);
  });
});

test('a mark is seen over every state', () => {
  STATES.forEach((_, state) => {
    const theme = { dark: false, colours: { ...colours, mark: '#ff0000' } };
    expect(lookOf(theme, state, 2, true).tile).toContain(word('#ff0000'));
    expect(lookOf(theme, state, 2).tile).not.toContain(word('#ff0000'));
  });
});

test('states that are not asked for are nearer to the paper', () => {
  const theme = { dark: false, colours: { ...colours, paper: '#ffffff', allocated: '#000000' } };
  const state = STATES.indexOf('allocated');
  const full = looksOf(theme, 1, 0xff);
  const dim = looksOf(theme, 1, 0xff & ~(1 << state));
  expect((full.shades[state] ?? 0) & 0xff).toBe(0);
  expect((dim.shades[state] ?? 0) & 0xff).toBeGreaterThan(128);
  expect(dim.shades[STATES.indexOf('lost')]).toBe(full.shades[STATES.indexOf('lost')]);
});

test('looks stand where a code finds them', () => {
  const looks = looksOf({ dark: false, colours: { ...colours, mark: '#ff0000' } }, 2, 0xff);
  const area = looks.size * looks.size;
  const tile = (code: number): number[] => [...looks.tiles.subarray(code * area, (code + 1) * area)];
  STATES.forEach((_, state) => {
    expect(tile(state)).toEqual(tile(state | HEAD));
    expect(tile(state | MARKED)).not.toEqual(tile(state));
  });
  expect(tile(NOTHING).every((pixel) => pixel === looks.paper)).toBe(true);
});

test('numbers can be read on every fill', () => {
  expect(textOn('#fcfaf6')).toBe('#111418');
  expect(textOn('#3c6c9d')).toBe('#ffffff');
});

describe('the palette', () => {
  /** Of page.css: light and dark. */
  const css = readFileSync(inRepository('web/src/styles/page.css'), 'utf8');
  const palette = (name: string): [string, string] => {
    const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
    if (!found?.[1] || !found[2]) throw new Error(`page.css has no colour --${name}`);
    return [found[1], found[2]];
  };
  /** Lost frames look like allocated ones, hatched: their pattern is what tells them. Holes are no memory. */
  const FILLS = ['unknown', 'reserved', 'boot-free', 'buddy', 'pcp', 'allocated'];
  const pairsOf = (names: readonly string[]) => names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  const pairs = pairsOf(FILLS);
  const TYPES = [...new Set(KERNELS.flatMap(({ typeNames }) => typeNames.map(colourOf)))];

  for (const [theme, index] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    const of = (name: string) => linearOf(palette(name)[index] ?? '');

    for (const eyes of Object.keys(EYES) as (keyof typeof EYES)[])
      test(`${theme}: any two states differ to ${eyes} eyes`, () => {
        for (const [a, b] of pairs)
          expect(difference(seenBy(eyes, of(a)), seenBy(eyes, of(b))), `${a} and ${b}`).toBeGreaterThan(9);
      });

    test(`${theme}: any two states differ in grey print`, () => {
      const lightness = (name: string): number => lab(of(name))[0];
      for (const [a, b] of pairs) expect(Math.abs(lightness(a) - lightness(b)), `${a} and ${b}`).toBeGreaterThan(4);
      for (const a of FILLS) expect(Math.abs(lightness(a) - lightness('paper')), a).toBeGreaterThan(5);
    });

    test(`${theme}: a free page on a CPU's list is taken for neither a free nor an allocated one`, () => {
      for (const eyes of Object.keys(EYES) as (keyof typeof EYES)[])
        for (const other of ['buddy', 'allocated'])
          expect(difference(seenBy(eyes, of('pcp')), seenBy(eyes, of(other))), `${eyes}: ${other}`).toBeGreaterThan(20);
    });

    test(`${theme}: any two migratetypes differ, to all eyes and in grey print, and can be seen on paper`, () => {
      const lightness = (name: string): number => lab(of(name))[0];
      expect(TYPES.length).toBeGreaterThan(2);
      for (const [a, b] of pairsOf(TYPES)) {
        for (const eyes of Object.keys(EYES) as (keyof typeof EYES)[])
          expect(difference(seenBy(eyes, of(a)), seenBy(eyes, of(b))), `${a} and ${b}`).toBeGreaterThan(9);
        expect(Math.abs(lightness(a) - lightness(b)), `${a} and ${b}`).toBeGreaterThan(8);
      }
      for (const name of TYPES) {
        const [dark, light] = [luminance(of(name)), luminance(of('paper'))].sort((a, b) => a - b);
        expect(((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05), name).toBeGreaterThanOrEqual(3);
      }
    });

    test(`${theme}: a migratetype's edge can be seen on any state, to all eyes`, () => {
      for (const type of TYPES)
        for (const state of FILLS)
          for (const eyes of Object.keys(EYES) as (keyof typeof EYES)[])
            expect(
              difference(seenBy(eyes, of(type)), seenBy(eyes, of(state))),
              `${type} on ${state}, ${eyes}`,
            ).toBeGreaterThan(9);
    });

    test(`${theme}: patterns can be seen on their fills, to all eyes`, () => {
      for (const name of FILLS.filter((one) => one !== 'buddy' && one !== 'allocated').concat('lost'))
        for (const eyes of Object.keys(EYES) as (keyof typeof EYES)[])
          expect(
            difference(seenBy(eyes, of(name)), seenBy(eyes, of(`${name}-line`))),
            `${name}, ${eyes}`,
          ).toBeGreaterThan(9);
    });
  }
});
