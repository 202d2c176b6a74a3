import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FileError, openTrace, type Source } from '../../src/core/index.ts';
import { STATES } from '../../src/generated/tables.ts';
import { engineModule, inRepository } from './helpers.ts';

const folder = 'tests/traces/linux-6.1';
const raw = (path: string): Uint8Array => new Uint8Array(readFileSync(inRepository(path)));
const text = (path: string): string => gunzipSync(raw(path)).toString();
const BUDDY = STATES.indexOf('buddy');
const KPF_BUDDY = 1n << 10n;

/** Which frames the kernel itself says are in its buddy lists. */
function buddyOf(kpageflags: string): Set<number> {
  const frames = new Set<number>();
  for (const line of kpageflags.split('\n')) {
    const [first, count, flags] = line.trim().split(/\s+/);
    if (!first || !count || !flags || first.startsWith('#')) continue;
    if ((BigInt(flags.startsWith('0x') ? flags : `0x${flags}`) & KPF_BUDDY) === 0n) continue;
    const from = Number.parseInt(first, 16);
    for (let pfn = from; pfn < from + Number(count); pfn++) frames.add(pfn);
  }
  return frames;
}

function buddyOnMap(source: Source): Set<number> {
  const frames = new Set<number>();
  source.engine.paint().forEach((paint, pfn) => {
    if ((paint & 0x0f) === BUDDY) frames.add(pfn);
  });
  return frames;
}

const open = async (name: string): Promise<Source> =>
  openTrace(
    await engineModule(),
    name,
    raw(`${folder}/${name}/trace.txt.gz`),
    raw(`${folder}/${name}/kpageflags.start.gz`),
  );

describe.each(['boot-idle', 'file-churn'])('%s', (name) => {
  test('begins and ends with the very frames free that the kernel says', async () => {
    const source = await open(name);
    source.at(0, 0, false);
    expect(buddyOnMap(source)).toEqual(buddyOf(text(`${folder}/${name}/kpageflags.start.gz`)));
    source.at(source.length, 0, false);
    expect(buddyOnMap(source)).toEqual(buddyOf(text(`${folder}/${name}/kpageflags.end.gz`)));
  });
});

test('a view shows the line of the trace that it comes from', async () => {
  const source = await open('boot-idle');
  const lines = text(`${folder}/boot-idle/trace.txt.gz`).split('\n');
  for (const entry of [1, 7, source.length]) {
    const view = source.at(entry, 0, false);
    expect(view.lineNumber).toBeGreaterThan(0);
    expect(view.line).toBe(lines[view.lineNumber - 1]?.trim());
    expect(view.line).toContain(String(view.operation[0]?.op));
  }
  const told = source.describe().trace;
  expect(told).toMatchObject({ hasStart: true, lost: 0, failed: 0 });
  expect(told?.events).toBe(source.length);
});

test('plain and gzip, whole and in any state of packing, are the same trace', async () => {
  const module = await engineModule();
  const plain = gunzipSync(raw(`${folder}/boot-idle/trace.txt.gz`));
  const digest = async (bytes: Uint8Array): Promise<string | undefined> => {
    const source = await openTrace(module, 'x', bytes, null);
    return source.at(source.length, 0, true).digest;
  };
  expect(await digest(new Uint8Array(plain))).toBe(await digest(new Uint8Array(gzipSync(plain, { level: 1 }))));
});

test('a line that cannot be read is counted and named', async () => {
  const lines = text(`${folder}/boot-idle/trace.txt.gz`).split('\n');
  const at = lines.findIndex((line) => line.includes('mm_page_free: '));
  lines[at] = lines[at]?.replace(/order=\d+/, 'order=many') ?? '';
  const source = await openTrace(await engineModule(), 'bent', new TextEncoder().encode(lines.join('\n')), null);
  expect(source.describe().trace).toMatchObject({ bad: 1, badLine: at + 1 });
});

test('what is no trace is refused with what was expected', async () => {
  const module = await engineModule();
  const encode = (line: string): Uint8Array => new TextEncoder().encode(line);
  await expect(openTrace(module, 'notes.txt', encode('hello\nworld\n'), null)).rejects.toThrow(FileError);
  await expect(openTrace(module, 'notes.txt', encode('hello\nworld\n'), null)).rejects.toThrow(
    /^notes\.txt: expected page events of the kernel .*found 2 lines/,
  );
  const trace = raw(`${folder}/boot-idle/trace.txt.gz`);
  await expect(openTrace(module, 't', trace, encode('0 16 0x400\nnonsense\n'))).rejects.toThrow(
    /^t \(start\):2: expected/,
  );
});
