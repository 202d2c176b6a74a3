import { expect, test } from 'vitest';
import { EVENT_BYTES, kindNumber, Records } from '../../src/core/events.ts';
import { openRun } from '../../src/core/index.ts';
import { Thefts } from '../../src/core/thefts.ts';
import { bytesOf, engineModule } from './helpers.ts';

const [EXTFRAG, PAGEBLOCK, BLOCK] = ['extfrag', 'pageblock_stolen', 'block_stolen'].map(kindNumber) as [
  number,
  number,
  number,
];
const ORDER = 3;

/** Takes one entry's records in. */
function take(thefts: Thefts, entry: number, kinds: number[]): void {
  const records = new Records();
  for (const kind of kinds) records.push(kind, ORDER, 1, 64, 0, 1);
  const all = records.all();
  const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  kinds.forEach((kind, i) => {
    thefts.take(entry, i, kind, view, i * EVENT_BYTES);
  });
}

test('each is found up to a place, with what it took, and links behind it', () => {
  const thefts = new Thefts();
  take(thefts, 4, [kindNumber('op_begin'), EXTFRAG, kindNumber('list_del'), PAGEBLOCK, EXTFRAG, BLOCK]);
  take(thefts, 7, [EXTFRAG]);
  expect(thefts.upTo(4, 3, 9).total).toBe(0);
  expect(thefts.upTo(4, 4, 9)).toMatchObject({
    total: 1,
    thefts: [{ entry: 4, inner: 4, asked: { kind: 'extfrag', order: ORDER }, taken: { kind: 'pageblock_stolen' } }],
  });
  expect(thefts.upTo(5, 0, 9).thefts.map(({ taken }) => taken?.kind)).toEqual(['pageblock_stolen', 'block_stolen']);
  expect(thefts.upTo(9, 0, 9).thefts.at(-1)).toMatchObject({ entry: 7, inner: 1, taken: null });
  expect(thefts.upTo(9, 0, 2)).toMatchObject({ total: 3, thefts: [{ entry: 4 }, { entry: 7 }] });
});

test('what is forgotten is gone, and a long history grows', () => {
  const thefts = new Thefts();
  for (let entry = 0; entry < 300; entry++) take(thefts, entry, [EXTFRAG, BLOCK]);
  expect(thefts.upTo(300, 0, 1)).toMatchObject({ total: 300, thefts: [{ entry: 299 }] });
  thefts.truncate(100);
  expect(thefts.upTo(300, 0, 1)).toMatchObject({ total: 100, thefts: [{ entry: 99 }] });
  take(thefts, 100, [EXTFRAG, PAGEBLOCK]);
  expect(thefts.upTo(300, 0, 1).thefts[0]).toMatchObject({ entry: 100, taken: { kind: 'pageblock_stolen' } });
});

test('a run has as many as its events tell, and memblock what its machine has', async () => {
  const file = 'web/public/examples/three-eras.jsonl';
  const source = await openRun(await engineModule(), file, bytesOf(file), 'linux-6.1');
  const { theftsTotal, thefts } = source.at(source.length, 0, false);
  let counted = 0;
  for (const { entry } of thefts) {
    const of = source.at(entry + 1, 0, false).events.filter(({ kind }) => kind === 'extfrag').length;
    counted += of > 0 ? 1 : 0;
  }
  expect(theftsTotal).toBeGreaterThan(0);
  expect(counted).toBe(thefts.length);
  expect(source.at(thefts[0]?.entry ?? 0, 0, false).theftsTotal).toBe(0);
  expect(source.info.memblock?.memory).toMatchObject([{ addr: 0 }, { addr: 1048576, size: 99614720 }]);
});
