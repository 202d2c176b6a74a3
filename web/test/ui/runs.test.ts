import { describe, expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import { OUTCOMES } from '../../src/generated/tables.ts';
import { kernelOf } from '../../src/ui/machine-run.ts';
import { isShipped, RUN_GROUPS } from '../../src/ui/runs.ts';
import { ui } from '../../src/words/ui.en.ts';
import { bytesOf, engineModule } from '../core/helpers.ts';

const path = (run: string): string => `web/public/examples/${run}.jsonl`;
const open = async (run: string) => openRun(await engineModule(), `${run}.jsonl`, bytesOf(path(run)));

describe.each(RUN_GROUPS.filter(({ kernel }) => kernel !== ''))('the runs of $kernel', ({ kernel, runs }) => {
  test.each([...runs])('%s names its kernel, and is called what its file says', async (run) => {
    expect(isShipped(run)).toBe(true);
    expect(kernelOf(new TextDecoder().decode(bytesOf(path(run))))).toBe(kernel);
    const { about, outcomes } = (await open(run)).describe();
    if (run !== RUN_GROUPS[0].runs[0]) expect(about).toBe(ui.runs[run]);
    expect(outcomes.every((outcome) => outcome < OUTCOMES.length)).toBe(true);
  });
});

/** Numbers of the operations that ended otherwise than well, from 1. */
async function ends(run: string): Promise<Record<string, number[]>> {
  const out: Record<string, number[]> = {};
  (await open(run)).describe().outcomes.forEach((outcome, i) => {
    const name = OUTCOMES[outcome] ?? '';
    if (name !== 'done') out[name] = [...(out[name] ?? []), i + 1];
  });
  return out;
}

describe('what the runs are there to show', () => {
  test('a request is refused with its own hot list full, and passes once that is drained', async () => {
    expect(await ends('full-hot-list')).toEqual({ failed: [8], stall: [9] });
    const source = await open('full-hot-list');
    const hot = (entry: number) => source.at(entry, 0, false).zones[0]?.pcp[0]?.lists[0];
    expect(hot(8)?.length).toBe(6);
    expect(source.at(8, 0, false).zones[0]?.pcp[0]?.high).toBe(6);
    expect(source.at(8, 0, false).events.filter(({ kind }) => kind === 'zone_refused')).not.toHaveLength(0);
    expect(hot(12)?.length).toBe(0);
  });

  test('protection refuses whoever could do without DMA', async () => {
    expect(await ends('protection')).toEqual({ failed: [14, 18] });
  });

  test('2.6 catches what it can, repairs what it finds, and misses the rest', async () => {
    expect(await ends('misuse-caught')).toEqual({ bug: [4, 10, 16], oops: [21] });
    const source = await open('misuse-caught');
    const complaints = source.at(source.length, 0, false).console.filter(({ event }) => event.kind === 'warn_bad_page');
    expect(complaints.map(({ entry }) => entry + 1)).toEqual([15, 18]);
  });

  test('a list is refilled at low and drained at high, by the batch', async () => {
    const source = await open('hot-and-cold');
    const kinds = Array.from({ length: source.length }, (_, i) =>
      source.at(i + 1, 0, false).events.map(({ kind }) => kind),
    );
    const having = (kind: string) => kinds.flatMap((all, i) => (all.includes(kind) ? [i + 1] : []));
    expect(having('pcp_refill')).toEqual([3, 4, 5, 6, 7, 9, 11, 24]);
    expect(having('pcp_drain').slice(1)).toEqual([21]);
    expect(source.at(13, 0, false).events.find(({ kind }) => kind === 'handed_out')?.pfn).toBe(
      source.at(12, 0, false).events.find(({ kind }) => kind === 'taken_back')?.pfn,
    );
  });

  test('what CPU 1 frees CPU 0 does not get, and merges when both lists are drained', async () => {
    const source = await open('two-cpus');
    const got = (entry: number) => source.at(entry, 0, false).events.find(({ kind }) => kind === 'handed_out')?.pfn;
    expect(got(5)).not.toBe(got(2));
    expect(got(6)).toBe(got(2));
    const merges = (entry: number) => source.at(entry, 0, false).events.filter(({ kind }) => kind === 'merge').length;
    expect(merges(11)).toBeGreaterThan(merges(10));
  });
});
