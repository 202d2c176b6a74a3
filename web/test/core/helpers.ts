import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileEngine } from '../../src/core/index.ts';

/** A path in the checkout. */
export const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(inRepository(path)));

export const engineModule = (): Promise<WebAssembly.Module> =>
  compileEngine(bytesOf('web/wasm/pageframe.wasm').slice());

export const EXAMPLE = 'web/public/examples/boot-and-eight-pages.jsonl';
