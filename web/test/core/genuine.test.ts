/** What the page is told of zones, per-CPU lists, settings and boot maps, held against what the genuine kernel had. */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import type { ListView, View, ZoneView } from '../../src/protocol.ts';
import { bytesOf, engineModule } from './helpers.ts';

type List = (number | string | null)[];
interface Zone {
  node: number;
  zone: string;
  free_pages: number;
  free_area: List[];
  pcp: { cpu: number; hot: List; cold: List; hot_count?: number; cold_count?: number }[];
  pages_min: number;
  pages_low: number;
  pages_high: number;
  protection: number[];
}
interface Line {
  op: string;
  by?: string;
  zones?: Zone[];
  min_free_kbytes?: number;
  bootmem?: { node: number; last_pos: number; last_offset: number; last_success: number }[];
}

const SHOWN = 64;

/** A list as a recording has it: what a broken one ran into stands last. */
function expectList(shown: ListView, recorded: List): void {
  const blocks = recorded.filter((pfn) => typeof pfn === 'number');
  expect(shown.blocks).toEqual(blocks.slice(0, SHOWN));
  if (blocks.length === recorded.length) expect(shown).toMatchObject({ length: blocks.length, end: 'whole' });
  else expect(shown.end).not.toBe('whole');
}

function expectZone(shown: ZoneView | undefined, recorded: Zone): void {
  expect(shown?.free_pages).toBe(recorded.free_pages);
  recorded.free_area.forEach((list, order) => {
    expectList(shown?.lists[order] as ListView, list);
  });
  expect(shown?.pcp).toHaveLength(2 * recorded.pcp.length);
  for (const { cpu, hot, cold, hot_count = hot.length, cold_count = cold.length } of recorded.pcp) {
    const [own, other] = shown?.pcp.filter((list) => list.cpu === cpu) ?? [];
    expect(own).toMatchObject({ cpu, lists: [{ cold: false }], count: hot_count, low: 2 * (own?.batch ?? 0) });
    expect(other).toMatchObject({ cpu, lists: [{ cold: true }], count: cold_count, low: 0 });
    expectList(own?.lists[0] as ListView, hot);
    expectList(other?.lists[0] as ListView, cold);
  }
}

function expectMarks(view: View, recorded: Line): void {
  expect(view.sysctls?.min_free_kbytes).toBe(recorded.min_free_kbytes);
  for (const { node, zone, pages_min, pages_low, pages_high, protection } of recorded.zones ?? []) {
    const shown = view.zones.find((one) => one.node === node && one.name === zone);
    expect(shown).toMatchObject({ pages_min, pages_low, pages_high, protection });
  }
}

describe('linux-2.6.10', () => {
  test.each([
    'bootmem-two-nodes',
    'buddy-numa',
    'buddy-pcp',
    'buddy-protection',
    'buddy-smp',
    'lifecycle-64bit',
    'misuse-basic',
    'misuse-two-owners',
  ])('%s', async (name) => {
    const file = `tests/golden/linux-2.6.10/${name}.jsonl.gz`;
    const source = await openRun(await engineModule(), file, bytesOf(file));
    const text = gunzipSync(bytesOf(file)).toString().trimEnd();
    let entry = 0;
    let checks = 0;
    for (const line of text.split('\n').slice(1)) {
      const recorded = JSON.parse(line) as Line;
      if (recorded.op !== 'check') {
        entry += recorded.by === undefined ? 1 : 0;
        if (recorded.min_free_kbytes !== undefined) expectMarks(source.at(entry, 0, false), recorded);
        continue;
      }
      checks++;
      const view = source.at(entry, 0, false);
      expect(view.boots).toHaveLength(recorded.bootmem?.length ?? 0);
      for (const { node, last_pos, last_offset, last_success } of recorded.bootmem ?? [])
        expect(view.boots.find((boot) => boot.node === node)).toMatchObject({ last_pos, last_offset, last_success });
      for (const zone of recorded.zones ?? [])
        expectZone(
          view.zones.find((one) => one.node === zone.node && one.name === zone.zone),
          zone,
        );
    }
    expect(entry).toBe(source.length);
    expect(checks).toBeGreaterThan(3);
  });
});

test('a kernel without lists of its CPUs shows none, and no settings', async () => {
  const file = 'tests/golden/linux-2.4.20/buddy-tiny.jsonl.gz';
  const source = await openRun(await engineModule(), file, bytesOf(file));
  const view = source.at(source.length, 0, false);
  expect(view.sysctls).toBeNull();
  expect(view.zones.flatMap((zone) => zone.pcp)).toEqual([]);
  expect(view.zones.every((zone) => zone.protection.every((pages) => pages === 0))).toBe(true);
});

test('of a 64-bit machine the page knows the width of addresses, and no kernel address', async () => {
  const file = 'tests/golden/linux-2.6.10/lifecycle-64bit.jsonl.gz';
  const source = await openRun(await engineModule(), file, bytesOf(file));
  expect(source.kernel).toMatchObject({
    bitsPerLong: 64,
    pageOffset: 0,
    nrFrames: 3072,
    nrSpareFrames: 1,
    nrLists: 13,
  });
});

test('the descriptor past the end of memory is no frame of the map', async () => {
  const file = 'tests/golden/linux-2.6.10/misuse-basic.jsonl.gz';
  const source = await openRun(await engineModule(), file, bytesOf(file));
  source.at(source.length, 0, false);
  expect(source.frame(source.engine.frames)).toBeNull();
  expect(source.frame(0)).toMatchObject({ reserved: true, mapped: false });
});
