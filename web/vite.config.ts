import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vitest/config';

// What a teacher's static host may send, so that the page is tried under it.
const policy = "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'";

/** Beside each text and module of the built page stands a gzip of it, which the live server sends where it is accepted. */
function writePacked(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(html|js|css|wasm|svg|jsonl)$/.test(entry)) continue;
    writeFileSync(join(folder, `${entry}.gz`), gzipSync(readFileSync(join(folder, entry)), { level: 9 }));
  }
}

export default defineConfig({
  plugins: [{ name: 'packed', apply: 'build', closeBundle: () => writePacked('dist') }],
  base: './', // works from any subpath
  appType: 'mpa', // what is not there is a 404, as on a static host
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // no data: addresses: a strict policy refuses them
    reportCompressedSize: false,
  },
  worker: {
    format: 'es',
    // What is loaded at first is one file: packed together it is smaller than in pieces.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  preview: {
    host: '127.0.0.1',
    port: 4173,
    strictPort: true,
    headers: { 'Content-Security-Policy': policy },
  },
  test: {
    include: ['{src,test,tests}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
