import { expect, test } from 'vitest';
import { STATES } from '../../src/generated/tables.ts';
import { IMPORTANCE, lookOf, textOn, word } from '../../src/map/patterns.ts';

const colours = Object.fromEntries(
  STATES.flatMap((name) => [
    [name, '#ffffff'],
    [`${name}-line`, '#000000'],
  ]),
);

test('a colour is a word of ImageData', () => {
  expect(word('#010203')).toBe(0xff030201);
  expect(word(' #ffffff ')).toBe(0xffffffff);
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

test('lost frames are the last to be hidden, missing ones the first', () => {
  const order = STATES.map((name, state) => [IMPORTANCE[state], name] as const).sort(
    (a, b) => (a[0] ?? 0) - (b[0] ?? 0),
  );
  expect(order.at(-1)?.[1]).toBe('lost');
  expect(order[0]?.[1]).toBe('hole');
});

test('numbers can be read on every fill', () => {
  expect(textOn('#fcfaf6')).toBe('#111418');
  expect(textOn('#3c6c9d')).toBe('#ffffff');
});
