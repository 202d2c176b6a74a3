import { expect, test } from 'vitest';
import { chart as chartEn } from '../../src/words/chart.en.ts';
import { chart as chartRu } from '../../src/words/chart.ru.ts';
import { fragmentation as fragmentationEn } from '../../src/words/fragmentation.en.ts';
import { fragmentation as fragmentationRu } from '../../src/words/fragmentation.ru.ts';
import { keys as keysEn } from '../../src/words/keys.en.ts';
import { keys as keysRu } from '../../src/words/keys.ru.ts';
import { machine as machineEn } from '../../src/words/machine.en.ts';
import { machine as machineRu } from '../../src/words/machine.ru.ts';
import { digits, ui as en } from '../../src/words/ui.en.ts';
import { ui as ru } from '../../src/words/ui.ru.ts';

/** Every text of a table, its functions called with 1, 2, 5. */
function textsOf(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]): [string, string][] => {
    const name = `${path}${key}`;
    if (typeof value === 'string') return [[name, value]];
    if (typeof value === 'function') return [[name, String(value(1, 2, 5, 5, 4096))]];
    return textsOf(value as object, `${name}.`);
  });
}

/** Its functions take lists. */
const sampled = (words: typeof fragmentationEn | typeof fragmentationRu): object => ({
  ...words,
  says: words.says(1, 2, [words.side('a', words.index(0.5), null), words.side('b', words.index(0.5), 2)]),
  side: words.side('a', words.index(0.5), 5),
  whyTypes: [words.whyTypes(['a'], ['b', 'c']), words.whyTypes(['a', 'b'], ['c'])].join(' '),
});

test.each([
  ['the page', en, ru],
  ['the chart of several sides', sampled(fragmentationEn), sampled(fragmentationRu)],
  ['the chart', chartEn, chartRu],
  ['the list of keys', keysEn, keysRu],
  ['the dialog of machines', machineEn, machineRu],
])('%s: both languages say the same things, and Russian says them in Russian', (_, one, other) => {
  const [english, russian] = [textsOf(one), textsOf(other)];
  expect(russian.map(([name]) => name)).toEqual(english.map(([name]) => name));
  const alike = english.filter(([, text], i) => russian[i]?.[1] === text);
  expect(alike).toEqual([]);
  for (const [name, text] of [...english, ...russian]) expect(text.trim(), name).not.toBe('');
});

test('Russian plurals', () => {
  expect([1, 2, 5, 21, 111].map((count) => ru.blocks(count))).toEqual([
    '1\u00a0блок',
    '2\u00a0блока',
    '5\u00a0блоков',
    '21\u00a0блок',
    '111\u00a0блоков',
  ]);
  expect([1, 2].map((count) => en.blocks(count))).toEqual(['1\u00a0block', '2\u00a0blocks']);
});

test('large numbers in groups of three', () => {
  expect(digits(1234567)).toBe('1\u202f234\u202f567');
  expect(digits(999)).toBe('999');
});

test('sizes of machines', () => {
  expect(en.machine(0, 1, '0', '1', 4 << 20)).toContain('4\u00a0MiB');
  expect(en.machine(0, 1, '0', '1', 268_300_288)).toContain('255.9\u00a0MiB');
  expect(ru.machine(0, 1, '0', '1', 268_300_288)).toContain('255,9\u00a0МиБ');
});

/** Every text of a table by its name: how many things it speaks of. */
function parametersOf(table: unknown, path: string): [string, number][] {
  if (typeof table === 'string') return [[path, 0]];
  if (typeof table === 'function') return [[path, table.length]];
  if (table === null || typeof table !== 'object') return [];
  return Object.entries(table).flatMap(([key, value]) => parametersOf(value, `${path}.${key}`));
}

const tables: Record<string, object> = import.meta.glob('../../src/words/*.{en,ru}.ts', { eager: true });
const main: Record<string, object> = import.meta.glob('../../src/words/{en,ru}.ts', { eager: true });
const pairs = Object.keys({ ...tables, ...main }).filter((path) => path.endsWith('en.ts'));

test('there is a Russian table for each English one', () => {
  expect(pairs.length).toBeGreaterThan(9);
  expect(pairs.flatMap((path) => parametersOf({ ...tables, ...main }[path], '')).length).toBeGreaterThan(500);
  expect(Object.keys({ ...tables, ...main })).toHaveLength(2 * pairs.length);
});

test.each(pairs)('%s: each text speaks of the same things in Russian', (path) => {
  const all = { ...tables, ...main };
  // Some tables are named after their language.
  const names = (module: object | undefined): Record<string, number> =>
    Object.fromEntries(parametersOf(module, '').map(([name, count]) => [name.replace(/^\.(en|ru)\./, '.all.'), count]));
  const english = names(all[path]);
  const russian = names(all[path.replace(/en\.ts$/, 'ru.ts')]);
  // What is beside the tables in a file (a plural, a list's type) is a language's own.
  const root = (name: string): string => name.split('.')[1] ?? '';
  const shared = new Set(Object.keys(russian).map(root));
  const spoken = Object.entries(english).filter(([name]) => shared.has(root(name)) && name.split('.').length > 2);
  expect(Object.fromEntries(spoken.map(([name]) => [name, russian[name]]))).toEqual(Object.fromEntries(spoken));
});
