// Runs the engine's bench natively and as WebAssembly, one after the other, and prints both side by side.
// usage: node bench.mjs NATIVE_PROGRAM MODULE.wasm
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';

const [program, module] = process.argv.slice(2);

async function runModule() {
  const folder = mkdtempSync(join(tmpdir(), 'pageframe-bench-'));
  const output = join(folder, 'output');
  const stdout = openSync(output, 'w');
  const wasi = new WASI({ version: 'preview1', stdout });
  const { instance } = await WebAssembly.instantiate(readFileSync(module), {
    ...wasi.getImportObject(),
    env: { emscripten_notify_memory_growth() {} },
  });
  wasi.start(instance);
  closeSync(stdout);
  const text = readFileSync(output, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}

/** The rows of the table: name, ns and steps of the yardstick; what is no row, as it is. */
function read(text) {
  const rows = new Map();
  const others = [];
  for (const line of text.trimEnd().split('\n')) {
    const row = /^(.{48}) +([\d.]+) +([\d.]+)(?: +(\d+) | {2}|$)/.exec(line);
    if (row) rows.set(row[1].trim(), { ns: Number(row[2]), steps: Number(row[3]), genuine: row[4] ?? '' });
    else others.push(line);
  }
  return { rows, others };
}

const native = read(execFileSync(program, { encoding: 'utf8' }));
const wasm = read(await runModule());
const cell = (value, digits) => (typeof value === 'number' ? value.toFixed(digits) : value).padStart(10);
console.log(
  `${''.padEnd(48)}${['native ns', 'steps', 'wasm ns', 'steps', 'genuine', 'wasm/nat.'].map((head) => head.padStart(10)).join('')}`,
);
for (const [name, { ns, steps, genuine }] of native.rows) {
  const other = wasm.rows.get(name);
  console.log(
    name.padEnd(48) +
      cell(ns, 2) +
      cell(steps, 1) +
      cell(other.ns, 2) +
      cell(other.steps, 1) +
      cell(genuine) +
      cell(other.ns / ns, 2),
  );
}
console.log('Genuine: steps of the yardstick that the code of that kernel takes.\n');
for (const line of native.others.slice(1)) console.log(`native: ${line}`);
// The limits are the native program's.
for (const line of wasm.others.slice(1)) console.log(`wasm:   ${line.replace(/ \(at most .*\)/, '')}`);
