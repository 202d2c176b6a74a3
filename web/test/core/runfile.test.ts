import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FileError, openRun, RunFileError, readRunFile, writeRunFile } from '../../src/core/index.ts';
import { bytesOf, EXAMPLE, engineModule, inRepository } from './helpers.ts';

const folder = (name: string): string[] =>
  readdirSync(inRepository(`tests/runfiles/${name}`)).filter((file) => file.endsWith('.jsonl'));
const read = (path: string) => readRunFile('FILE', readFileSync(inRepository(path), 'utf8'));

function refusal(path: string): string {
  try {
    read(path);
  } catch (error) {
    expect(error).toBeInstanceOf(RunFileError);
    return (error as Error).message;
  }
  return 'no error';
}

describe('bad run files are refused in the words of docs/run-files.md', () => {
  test.each(folder('bad'))('%s', (file) => {
    const expected = readFileSync(inRepository(`tests/runfiles/bad/${file.replace(/jsonl$/, 'expected')}`), 'utf8');
    expect(refusal(`tests/runfiles/bad/${file}`)).toBe(`FILE:${expected.trimEnd()}`);
  });
});

describe('good run files', () => {
  test.each(folder('good'))('%s is read, and what is written of it reads as the same', (file) => {
    const run = read(`tests/runfiles/good/${file}`);
    const again = readRunFile('FILE', writeRunFile(run));
    const withoutLines = (ops: typeof run.ops) => ops.map((op) => ({ ...op, line: 0 }));
    expect(withoutLines(again.ops)).toEqual(withoutLines(run.ops));
    expect({ ...again, ops: 0, lines: 0 }).toEqual({ ...run, ops: 0, lines: 0 });
  });

  test('the page example names its eight pages', () => {
    const run = read(EXAMPLE);
    expect(run.names).toContain('buf');
    const freed = run.ops.at(-1);
    expect(freed).toMatchObject({ refs: 1, line: run.lines.length - 1 });
    expect(freed?.arg[0]).toBe(BigInt(run.names.indexOf('buf')));
  });
});

test('what cannot be run is refused with its line', async () => {
  const module = await engineModule();
  const packed = bytesOf('tests/golden/linux-2.4.20/buddy-tiny.jsonl.gz');
  await expect(openRun(module, 'cut.gz', packed.slice(0, packed.length - 20))).rejects.toThrow(
    new FileError('cut.gz: the gzip data end too early'),
  );
  const damaged = packed.slice();
  damaged.fill(0xff, 40, 80);
  await expect(openRun(module, 'bent.gz', damaged)).rejects.toThrow(
    new FileError('bent.gz: the gzip data are damaged'),
  );
});

test('a good file may still meet an error when it runs: its line is named', async () => {
  const module = await engineModule();
  const run = (header: string, ops: string[]) =>
    openRun(module, 'x', new TextEncoder().encode([header, ...ops].join('\n')));
  const header =
    '{"format":"pageframe-run/1","kernel":"linux-2.4.20","cpus":256,"machine":{"nodes":[{"start_pfn":0,"pages":64}]}}';
  await expect(run(header, ['{"op":"free_boot_range","start":9,"end":8,"dir":"up"}'])).rejects.toThrow(
    new FileError('x:2: expected arguments that free_boot_range takes, found one out of its range'),
  );
  const outside = Array.from({ length: 1025 }, (_, i) => `{"op":"get_page","pfn":${1001 + i}}`);
  await expect(run(header, outside)).rejects.toThrow(
    new FileError('x:1026: expected few frames past the end of memory that keep a count, found more than 1024'),
  );
  const far = await run(
    header,
    outside.slice(1).map((line) => line.replace('}', ',"cpu":255}')),
  );
  expect(far.length).toBe(1024);
  expect(far.at(9, 0, false).operation[0]).toMatchObject({ kind: 'op_begin', cpu: 255 });
});

test('with "on_bug":"stop" the run ends at BUG()', async () => {
  const text = readFileSync(inRepository(EXAMPLE), 'utf8');
  const stopping = text.replace('"format"', '"on_bug":"stop","format"');
  const whole = await openRun(await engineModule(), 'x', new TextEncoder().encode(text));
  const cut = await openRun(await engineModule(), 'x', new TextEncoder().encode(stopping));
  const atBug = whole.at(whole.length, 0, false).console[0]?.entry;
  expect(cut.length).toBe((atBug ?? -2) + 1);
});
