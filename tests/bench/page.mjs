/*
 * What the page's own code costs, WebAssembly and TypeScript together, under Node: loading a real trace and a large run, and going
 * anywhere in them with everything that a view holds. Use: node page.mjs pageframe.wasm
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { compileEngine, openRun, openTrace } from '../../web/src/core/index.ts';

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const row = (name, value, unit) => console.log(name.padEnd(40) + value.padStart(10) + ` ${unit}`);

/* Far jumps, and steps of one entry. */
function seeks(source) {
  const times = [];
  for (let i = 0, entry = 1; i < 200; i++) {
    entry = (entry * 48271) % 2147483647;
    const begin = performance.now();
    source.at(entry % source.length, 0, false);
    times.push(performance.now() - begin);
  }
  row('seek anywhere, median', median(times).toFixed(2), 'ms');
  row('seek anywhere, slowest of 200', Math.max(...times).toFixed(2), 'ms');
  const begin = performance.now();
  for (let entry = 1000; entry < 1200; entry++) source.at(entry, 0, false);
  row('step', ((performance.now() - begin) / 200).toFixed(2), 'ms');
}

/* A real trace, repeated, so that it has more than 100,000 page events. */
async function trace(module) {
  const folder = 'tests/traces/linux-6.1/file-churn';
  const once = gunzipSync(readFileSync(inRepository(`${folder}/trace.txt.gz`)));
  const text = new Uint8Array(Buffer.concat([once, once, once]));
  const start = readFileSync(inRepository(`${folder}/kpageflags.start.gz`));
  const loads = [];
  let source;
  for (let turn = 0; turn < 5; turn++) {
    const begin = performance.now();
    source = await openTrace(module, 'file-churn', text, start);
    loads.push(performance.now() - begin);
  }
  const ms = median(loads);
  const { lines } = source.describe().trace;
  console.log(`\nthe page on a real trace: ${source.length} events out of ${lines} lines`);
  row('load', ms.toFixed(0), 'ms, median of 5');
  row('load of 100,000 events', ((ms * 1e5) / source.length).toFixed(0), 'ms');
  row('lines', (lines / ms / 1e3).toFixed(2), 'million a second, timeline and all');
  seeks(source);
}

async function run(module) {
  const file = 'tests/golden/linux-2.4.20/buddy-random-big.jsonl.gz';
  const begin = performance.now();
  const source = await openRun(module, file, readFileSync(inRepository(file)));
  console.log(`\nthe page on a recorded run of 262,144 frames: ${source.length} operations`);
  row('load', (performance.now() - begin).toFixed(0), 'ms');
  seeks(source);
}

const module = await compileEngine(readFileSync(process.argv[2]));
await trace(module);
await run(module);
