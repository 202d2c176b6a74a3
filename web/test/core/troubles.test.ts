import { describe, expect, test } from 'vitest';
import { openRun, type Source } from '../../src/core/index.ts';
import { newTroubles } from '../../src/core/troubles.ts';
import { TROUBLES } from '../../src/generated/tables.ts';
import { NONE, type Trouble } from '../../src/protocol.ts';
import { describeOperation, describeTrouble, loadWords, plain } from '../../src/words/index.ts';
import { bytesOf, engineModule } from './helpers.ts';

const EXAMPLES = ['misuse', 'three-zones', 'two-nodes'];
const languages = ['en', 'ru'] as const;

async function example(name: string): Promise<Source> {
  const path = `web/public/examples/${name}.jsonl`;
  return openRun(await engineModule(), path, bytesOf(path));
}

const kinds = (source: Source, entry: number): string[] =>
  source.at(entry, 0, false).newTroubles.map(({ kind }) => kind);

describe.each(languages)('%s', (language) => {
  test('every trouble has a sentence, of one frame and of many', async () => {
    const words = await loadWords(language);
    for (const kind of TROUBLES)
      for (const [pfn, count] of [
        [7, 1],
        [8, 4],
        [NONE, 0],
      ] as const) {
        const trouble = { kind, zone: 0, list: 2, pfn, count };
        const said = plain(describeTrouble(words, trouble, null));
        expect(said, kind).toMatch(/^[A-ZА-Я].{15,}\.$/);
        expect(said, kind).not.toMatch(/undefined|NaN|\[object| {2}/);
      }
  });

  test.each(EXAMPLES)('every step of %s is said in full', async (name) => {
    const words = await loadWords(language);
    const source = await example(name);
    for (let entry = 1; entry <= source.length; entry++) {
      const view = source.at(entry, 0, false);
      const told = describeOperation(words, view.events, source.kernel, view.operation, view.newTroubles);
      const troubles = view.troubles.map((one) => describeTrouble(words, one, source.kernel));
      for (const sentence of [told.headline, ...told.events, ...troubles]) {
        expect(plain(sentence)).toMatch(/[.]$/);
        expect(plain(sentence)).not.toMatch(/undefined|NaN|\[object| {2}|4294967295|ffffffff/);
      }
    }
  });

  test('why a frame is as it is, in every state', async () => {
    const words = await loadWords(language);
    const frame = { pfn: 7, state: 6, marks: 0, order: 3, head: 0, owner: 2, count: 0, reserved: false, zone: 'DMA' };
    const states = ['hole', 'unknown', 'reserved', 'boot-free', 'buddy', 'pcp', 'allocated', 'lost'];
    const said = states.map((state) => words.why(state, frame, [], 'handed_out', 0));
    said.push(words.why('lost', frame, [], 'given_up', 0), words.why('allocated', frame, ['two-owners'], '', 0));
    said.push(
      words.why('buddy', frame, ['free-yet-owned'], '', 0),
      words.why('buddy', { ...frame, count: -2 }, [], '', 0),
    );
    said.push(words.why('reserved', frame, [], '', 9), words.why('reserved', { ...frame, zone: '' }, [], '', 9));
    for (const sentence of said) expect(sentence).toMatch(/^\S.{8,}\.$/);
    expect(new Set(said).size).toBe(said.length);
  });
});

test('each misuse brings its own trouble, and nothing is said twice', async () => {
  const source = await example('misuse');
  expect(kinds(source, 4)).toEqual([]);
  expect(kinds(source, 5)).toEqual(['below-zero']);
  expect(kinds(source, 7)).toEqual(['free-yet-owned']);
  expect(kinds(source, 8)).toEqual(['two-owners']);
  expect(kinds(source, 10)).toEqual(['lost']);
  expect(kinds(source, 15)).toEqual(['free-yet-owned']);
  expect(kinds(source, 27)).toContain('two-lists');
  expect(source.describe().outcomes.at(-1)).toBe(4);
  const end = source.at(source.length, 0, false);
  expect(end.references.filter(({ outside }) => outside)).toHaveLength(1);
  expect(end.marked[0]).toBeGreaterThan(0);
});

test('what is found does not depend on the way there', async () => {
  const stepped = await example('misuse');
  const views = Array.from({ length: stepped.length + 1 }, (_, entry) => stepped.at(entry, 0, true));
  for (const entry of [27, 5, 20, 10]) {
    const jumped = await example('misuse');
    expect(jumped.at(entry, 0, true)).toEqual(views[entry]);
    expect(jumped.engine.digest()).toBe(views[entry]?.digest);
  }
});

test('inside an operation the troubles are those from before it', async () => {
  const source = await example('misuse');
  const before = source.at(9, 0, false);
  for (let inner = 1; inner < before.innerTotal; inner++) {
    const view = source.at(9, inner, true);
    expect(view.troubles).toEqual(before.troubles);
    expect(view.newTroubles).toEqual([]);
    expect(source.engine.digest()).toBe(view.digest);
  }
});

test('an ordinary life has no troubles', async () => {
  for (const name of ['three-zones', 'two-nodes']) {
    const source = await example(name);
    for (let entry = 0; entry <= source.length; entry++) expect(source.at(entry, 0, false).troublesTotal).toBe(0);
  }
});

test('pair bits: those around the frames concerned, one where exactly one buddy is listed', async () => {
  const source = await example('three-zones');
  const view = source.at(7, 0, false);
  const normal = view.zones.find(({ name }) => name === 'Normal');
  expect(normal?.pairs.map(({ total }) => total)).toEqual([128, 64, 32, 16, 8, 4, 2, 1, 1]);
  for (const { order, first, bits } of normal?.pairs ?? []) {
    const listed = new Set(normal?.lists[order]?.blocks);
    [...bits].forEach((bit, i) => {
      const low = 256 + (first + i) * 2 ** (order + 1);
      expect(bit).toBe(listed.has(low) !== listed.has(low + 2 ** order) ? '1' : '0');
    });
  }
});

test('a trouble that grows is new, one that shrinks is not', () => {
  const lost = (pfn: number, count: number): Trouble => ({ kind: 'lost', zone: NONE, list: NONE, pfn, count });
  expect(newTroubles([lost(8, 4)], [lost(8, 4), lost(20, 1)])).toEqual([lost(20, 1)]);
  expect(newTroubles([lost(8, 4)], [lost(8, 5)])).toEqual([lost(8, 5)]);
  expect(newTroubles([lost(8, 4)], [lost(9, 2)])).toEqual([]);
});

test('which zone refuses and why is said', async () => {
  const source = await example('three-zones');
  const words = await loadWords('en');
  const headline = (entry: number): string => {
    const view = source.at(entry, 0, false);
    return plain(describeOperation(words, view.events, source.kernel, view.operation).headline);
  };
  expect(headline(7)).toContain('Zone HighMem has 64 free frames and would need more than 72: it refuses.');
  expect(headline(19)).toContain(
    'Zone DMA has 48 free frames and would need more than 56: it refuses. The caller gets NULL.',
  );
  expect(headline(21)).toContain('it waits for ever');
  expect(headline(27)).toContain('PF_MEMALLOC');
  const view = source.at(19, 0, false);
  const events = describeOperation(words, view.events, source.kernel, view.operation).events.map(plain);
  expect(events.join(' ')).toContain('96 = 16 (the request) + 40 (the marks of the zones before) + 40 (its low mark)');
  const nodes = await example('two-nodes');
  const third = nodes.at(8, 0, false);
  expect(plain(describeOperation(words, third.events, nodes.kernel, third.operation).headline)).toContain(
    'Normal of node 1',
  );
});
