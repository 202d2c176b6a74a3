import { expect, test } from 'vitest';
import { actionOf, KEYS, keyList } from '../../src/ui/keys.ts';
import { keys as en } from '../../src/words/keys.en.ts';
import { keys as ru } from '../../src/words/keys.ru.ts';

test('no key means two things', () => {
  const keys = KEYS.flatMap(({ keys }): readonly string[] => keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test('each action has one row, and a text in both languages', () => {
  expect(new Set(KEYS.map(({ action }) => action)).size).toBe(KEYS.length);
  for (const words of [en, ru]) {
    const rows = keyList(words);
    expect(rows).toHaveLength(KEYS.length);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(KEYS.length);
    expect(rows.flatMap(({ keys }) => keys).every(({ name }) => name.trim() !== '')).toBe(true);
  }
  expect(keyList(ru).find(({ what }) => what === ru.keyActions.play)?.keys).toEqual([{ name: 'Пробел', isOn: true }]);
});

test('keys by what they type, and by their place on a keyboard with another alphabet', () => {
  expect(actionOf({ key: 'l', code: 'KeyL' })).toBe('step');
  expect(actionOf({ key: 'д', code: 'KeyL' })).toBe('step');
  expect(actionOf({ key: 'х', code: 'BracketLeft' })).toBe('loop-from');
  expect(actionOf({ key: 'ArrowRight', code: 'ArrowRight' })).toBe('step');
  // a Latin keyboard may have its letters elsewhere: then only what it types counts
  expect(actionOf({ key: 'q', code: 'KeyL' })).toBeNull();
});

test('letters and signs can be switched off; other keys stay', () => {
  expect(actionOf({ key: 'n', code: 'KeyN' }, false)).toBeNull();
  expect(actionOf({ key: 'т', code: 'KeyN' }, false)).toBeNull();
  expect(actionOf({ key: '?', code: 'Slash' }, false)).toBeNull();
  expect(actionOf({ key: ' ', code: 'Space' }, false)).toBe('play');
  expect(actionOf({ key: 'End', code: 'End' }, false)).toBe('last');
});
