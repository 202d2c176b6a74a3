/*
 * A long history under Node, WebAssembly and TypeScript together: opening a run file of a million operations on a 1 GiB machine,
 * what it takes in memory, and 1,000 random seeks in it. Use: node history.mjs pageframe.wasm [OPERATIONS]
 */
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ALL } from "../../web/src/core/engine.ts";
import { compileEngine, openRun } from "../../web/src/core/index.ts";

const SEEKS = 1000;
const MIB = 2 ** 20;
const PAGES = 2 ** 18;
const GFPS = ["GFP_KERNEL", "GFP_ATOMIC", "GFP_HIGHUSER", "GFP_USER"];
const OPERATIONS = Number(process.argv[3] ?? 1e6);

let state = 2463534242;
/** 0 .. below-1, the same in every run (xorshift). */
function random(below) {
	state ^= state << 13;
	state ^= state >>> 17;
	state ^= state << 5;
	return (state >>> 0) % below;
}

/** A boot, then blocks of orders 0 to 5 taken and given back at random, about half of memory held. */
function runFile() {
	const header = {
		format: "pageframe-run/1",
		kernel: "linux-2.4.20",
		machine: { nodes: [{ id: 0, start_pfn: 0, pages: PAGES }] },
		reserved: [[0x100000, 0x200000]],
	};
	const lines = [JSON.stringify(header), '{"op":"boot"}'];
	const held = [];
	const unused = Array.from({ length: PAGES }, (_, i) => i);
	for (let pages = 0; lines.length <= OPERATIONS; ) {
		if (held.length === 0 || random(PAGES) > pages) {
			const order = random(6);
			const name = unused.pop();
			held.push([name, order]);
			pages += 2 ** order;
			lines.push(
				`{"op":"alloc_pages","gfp":"${GFPS[random(GFPS.length)]}","order":${order},"as":"b${name}"}`,
			);
		} else {
			const at = random(held.length);
			const [name, order] = held[at];
			held[at] = held.at(-1);
			held.pop();
			unused.push(name);
			pages -= 2 ** order;
			lines.push(`{"op":"__free_pages","page":"b${name}","order":${order}}`);
		}
	}
	return `${lines.join("\n")}\n`;
}

const row = (name, value, unit) =>
	console.log(name.padEnd(40) + value.padStart(10) + ` ${unit}`);

function times(name, length, go) {
	const elapsed = [];
	const processor = [];
	for (let i = 0; i < SEEKS; i++) {
		const entry = random(length);
		const [begin, used] = [performance.now(), process.cpuUsage()];
		go(entry);
		elapsed.push(performance.now() - begin);
		const { user, system } = process.cpuUsage(used);
		processor.push((user + system) / 1000);
	}
	const rank = (ms, part) =>
		ms
			.toSorted((a, b) => a - b)
			[Math.min(SEEKS - 1, Math.floor(part * SEEKS))].toFixed(1);
	row(`${name}, median`, rank(elapsed, 0.5), "ms");
	row(
		`${name}, p99`,
		rank(elapsed, 0.99),
		`ms (processor time: ${rank(processor, 0.99)})`,
	);
	row(`${name}, slowest of ${SEEKS}`, rank(elapsed, 1), "ms");
}

/** What is still in use, in MiB: of JavaScript, and of WebAssembly and other buffers. */
function inUse() {
	setFlagsFromString("--expose-gc");
	runInNewContext("gc")();
	const { heapUsed, arrayBuffers, external } = process.memoryUsage();
	return {
		heap: heapUsed / MIB,
		buffers: Math.max(arrayBuffers, external) / MIB,
	};
}

const module = await compileEngine(readFileSync(process.argv[2]));
const bytes = new TextEncoder().encode(runFile());
const before = inUse();
const begin = performance.now();
const source = await openRun(module, "history", bytes);
const opened = performance.now() - begin;
const peak = process.resourceUsage().maxRSS / 1024;
const after = inUse();
console.log(
	`\na history of ${source.length} operations on a 1 GiB machine, ${(bytes.length / MIB).toFixed(0)} MiB of text`,
);
row("open", (opened / 1000).toFixed(2), "s");
row("open, one operation", ((opened * 1000) / source.length).toFixed(2), "us");
row("memory of JavaScript", (after.heap - before.heap).toFixed(0), "MiB");
row(
	"memory of WebAssembly and buffers",
	(after.buffers - before.buffers).toFixed(0),
	"MiB",
);
row("most that the process ever had", peak.toFixed(0), "MiB");
times("seek", source.length, (entry) => source.engine.seek(entry, ALL));
times("seek, and a whole view", source.length, (entry) =>
	source.at(entry, 0, false),
);
