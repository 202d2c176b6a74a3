import { describe, expect, test } from 'vitest';
import { openRun } from '../../src/core/index.ts';
import { bytesOf, engineModule } from './helpers.ts';

const folder = 'tests/golden';
const lines = new TextDecoder()
  .decode(bytesOf(`${folder}/digests.txt`))
  .trim()
  .split('\n');
const digests = lines.map((line) => line.trim().split(/\s+/)).map(([digest = '', file = '']) => ({ digest, file }));

describe('WebAssembly folds every golden run to the digest that the native program gives', () => {
  test.each(digests)('$file', async ({ digest, file }) => {
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    const source = await openRun(await engineModule(), file, bytesOf(file));
    expect(source.at(source.length, 0, true).digest).toBe(digest);
  });
});
