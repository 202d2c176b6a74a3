import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Fault, LinkError, MOST_CHARACTERS, packRun, unpackRun } from '../../src/ui/packed-run.ts';

const example = readFileSync(new URL('../../public/examples/misuse.jsonl', import.meta.url), 'utf8');

async function faultOf(packed: string): Promise<Fault | null> {
  const error = await unpackRun(packed).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof LinkError ? error.fault : null;
}

/** Deterministic text that does not compress. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48271) % 0x7fffffff;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}

describe('a run in a link', () => {
  test.each([example, '', 'кадр 0x10, "ёж" \n'])('comes back as it was', async (text) => {
    const packed = await packRun(text);
    expect(packed).toMatch(/^1\.[\w-]*$/);
    expect(await unpackRun(packed ?? '')).toBe(text);
  });

  test('is shorter than the run', async () => {
    expect((await packRun(example))?.length).toBeLessThan(example.length / 2);
  });

  test('is refused where it would be too long, packed or unpacked', async () => {
    expect(await packRun(noise(MOST_CHARACTERS))).toBeNull();
    expect(await packRun('x'.repeat((1 << 20) + 1))).toBeNull();
    expect((await packRun('x'.repeat(1 << 20)))?.length).toBeLessThan(MOST_CHARACTERS);
  });

  test('says what is wrong: another version, damage, a bomb', async () => {
    const packed = (await packRun(example)) ?? '';
    expect(await faultOf(`2.${packed.slice(2)}`)).toBe('version');
    expect(await faultOf(packed.slice(2))).toBe('damaged');
    expect(await faultOf(packed.slice(0, -40))).toBe('damaged');
    expect(await faultOf(`${packed.slice(0, 60)}AAAA${packed.slice(64)}`)).toBe('damaged');
    expect(await faultOf('1.%%%')).toBe('damaged');
    expect(await faultOf('')).toBe('damaged');
    const bomb = new Response(
      new Blob(['x'.repeat((1 << 20) + 1)]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    );
    expect(await faultOf(`1.${Buffer.from(await bomb.arrayBuffer()).toString('base64url')}`)).toBe('large');
  });
});
