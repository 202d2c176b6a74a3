/**
 * Run files: docs/run-files.md in TypeScript, error texts included. A file is read and checked as a whole; nothing of a bad
 * one is kept. server/runfile*.c is the same reader in C, and tests/runfiles judges both.
 */
import { type ArgInfo, KERNELS, type KernelTable, OPS, type OpInfo } from '../generated/tables.ts';
import type { MachineSpec, OpSpec } from './engine.ts';
import { gfpNames } from './gfp.ts';

export interface RunFile {
  name: string;
  about: string;
  stopOnBug: boolean;
  kernel: KernelTable;
  machine: MachineSpec;
  /** Names of allocations, by number. */
  names: string[];
  ops: OpSpec[];
  /** Lines of the file; `op.line` counts from 1. */
  lines: string[];
}

export class RunFileError extends Error {}

type Json = Record<string, unknown>;

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;
const U32_MAX = 0xffffffff;
const LAST_FRAME = U32_MAX - 2;
const MAX_FRAMES = 1 << 26;
const PAGE_SIZE = 4096;
const MAX_NODES = 16;
const MAX_RANGES = 32;
const MAX_ARGS = 8;
const NO_ADDRESS = 2n ** 64n - 1n;
const TASKS: Readonly<Record<string, number>> = { PF_MEMALLOC: 1, PF_MEMDIE: 2 };
const COMMON = ['op', 'cpu', 'task', 'as', 'ret', 'bug', 'panic', 'oops', 'hang', 'warn', 'note', 'by', 'extfrag'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const REFERENCE = /^([A-Za-z_][A-Za-z0-9_]*)(?:\+([0-9]{1,10}))?$/;
const BLANK = /^[ \t\r]*$/;
/** JSON that the C reader refuses: a NUL in a string, half of a surrogate pair. */
const NUL = /(?:^|[^\\])(?:\\\\)*\\u0000/;
const SURROGATE = /\\ud[89a-f]/i;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** FOUND of the error texts. */
function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    const characters = [...value];
    return JSON.stringify(characters.length > 40 ? `${characters.slice(0, 40).join('')}...` : value);
  }
  if (typeof value === 'number') {
    if (Math.abs(value) > WHOLE_MAX) return 'a number beyond 2^53';
    return Number.isInteger(value) ? String(value) : 'a fraction';
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return value !== null && typeof value === 'object' ? 'an object' : String(value);
}

function parseLine(text: string): unknown {
  if (NUL.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return SURROGATE.test(text) && SURROGATE.test(JSON.stringify(value)) ? undefined : value;
  } catch {
    return undefined;
  }
}

const EXPECTED: Readonly<Record<string, (low: number, high: number) => string>> = {
  NODE: (low, high) => `a node from ${low} to ${high}`,
  PFN: (low, high) => `a frame from ${low} to ${high} or a name`,
  ADDR: (low, high) => `an address from ${low} to ${high}, a name or null`,
  SIZE: (low, high) => `a number of bytes from ${low} to ${high}`,
  ALIGN: (low, high) => `an alignment from ${low} to ${high}`,
  ORDER: (low, high) => `an order from ${low} to ${high}`,
};

/** One argument on its way from the line into the operation. */
interface Argument {
  info: ArgInfo;
  key: string;
  value: unknown;
  low: number;
  high: number;
}

class Reader {
  private readonly file: string;
  private line = 0;
  private maxAddress = 0;
  private readonly names = new Map<string, number>();
  private run: RunFile | null = null;

  constructor(file: string) {
    this.file = file;
  }

  read(text: string): RunFile {
    const lines = text.replace(/^\ufeff/, '').split('\n');
    for (const line of lines) {
      this.line++;
      if (BLANK.test(line)) continue;
      const value = parseLine(line);
      if (!isObject(value)) {
        this.badLine('a JSON object', value === undefined ? 'text that is not JSON' : foundText(value));
      }
      if (!this.run) this.run = this.header(value, lines);
      else this.operation(value, this.run);
    }
    if (!this.run) return this.badLine('a header line', 'the end of the file');
    this.run.names = [...this.names.keys()];
    this.run.machine.names = this.run.names.length;
    return this.run;
  }

  private badLine(expected: string, found: string): never {
    throw new RunFileError(`${this.file}:${this.line}: expected ${expected}, found ${found}`);
  }

  private bad(field: string, value: unknown, expected: string): never {
    throw new RunFileError(
      `${this.file}:${this.line}: field ${foundText(field)}: expected ${expected}, found ${foundText(value)}`,
    );
  }

  private whole(field: string, value: unknown, low: number, high: number, expected: string): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    return this.bad(field, value, expected);
  }

  /** One of these texts; left out, the first. */
  private choice(field: string, value: unknown, choices: readonly string[], expected: string): string {
    if (value === undefined) return choices[0] ?? '';
    return typeof value === 'string' && choices.includes(value) ? value : this.bad(field, value, expected);
  }

  private string(field: string, value: unknown, absent: string): string {
    if (value === undefined) return absent;
    return typeof value === 'string' ? value : this.bad(field, value, 'a string');
  }

  // ------------------------------------------------------------------ the header

  private header(json: Json, lines: string[]): RunFile {
    const formats = ['golden/1', 'pageframe-run/1'];
    if (!formats.includes(json.format as string)) this.bad('format', json.format, '"golden/1" or "pageframe-run/1"');
    const number = KERNELS.findIndex((candidate) => candidate.name === json.kernel) + 1;
    const kernel = KERNELS[number - 1];
    if (!kernel) this.bad('kernel', json.kernel, `one of ${KERNELS.map((known) => known.name).join(', ')}`);
    this.maxAddress = kernel.pageOffset === 0 ? WHOLE_MAX : U32_MAX;
    const facts = {
      page_size: PAGE_SIZE,
      bits_per_long: kernel.pageOffset === 0 ? 64 : 32,
      max_order: kernel.nrOrders,
    };
    for (const [key, fact] of Object.entries(facts)) {
      if (json[key] !== undefined && json[key] !== fact) this.bad(key, json[key], String(fact));
    }
    const build = json.build === undefined ? '' : this.choice('build', json.build, ['uma', 'numa'], '"uma" or "numa"');
    const cpus = json.cpus === undefined ? 1 : this.whole('cpus', json.cpus, 1, 256, 'a number from 1 to 256');
    const name = this.string('name', json.name, this.file.slice(this.file.lastIndexOf('/') + 1));
    const about = this.string('about', json.about, '');
    const onBug = this.choice('on_bug', json.on_bug, ['continue', 'stop'], '"continue" or "stop"');
    const nodes = this.nodes(json.machine);
    if (build === 'uma' && nodes.length > 1) this.bad('build', build, `"numa", as there are ${nodes.length} nodes`);
    const numa = build === '' ? nodes.length > 1 : build === 'numa';
    const memory = this.ranges('memory', json.memory, nodes.length - 1);
    const reserved = this.ranges('reserved', json.reserved, nodes.length - 1);
    const machine: MachineSpec = { kernel: number, numa, cpus, names: 0, nodes, memory, reserved };
    return { name, about, stopOnBug: onBug === 'stop', kernel, machine, names: [], ops: [], lines };
  }

  private nodes(machine: unknown): MachineSpec['nodes'] {
    if (!isObject(machine)) return this.bad('machine', machine, 'an object');
    const list = machine.nodes;
    if (!Array.isArray(list) || list.length < 1 || list.length > MAX_NODES) {
      return this.bad('machine.nodes', list, `an array of 1 to ${MAX_NODES} nodes`);
    }
    const frames = this.maxAddress === U32_MAX ? 2 ** 20 : MAX_FRAMES;
    let low = 0;
    return list.map((node: unknown, i) => {
      const at = `machine.nodes[${i}]`;
      if (!isObject(node)) return this.bad(at, node, 'an object');
      if (node.id !== undefined && node.id !== i) this.bad(`${at}.id`, node.id, String(i));
      const start = this.whole(
        `${at}.start_pfn`,
        node.start_pfn,
        low,
        frames - 1,
        `a frame from ${low} to ${frames - 1}`,
      );
      const room = frames - start;
      const pages = this.whole(`${at}.pages`, node.pages, 1, room, `a number of frames from 1 to ${room}`);
      low = start + pages;
      return { start_pfn: start, pages };
    });
  }

  private ranges(key: 'memory' | 'reserved', value: unknown, lastNode: number): MachineSpec['memory'] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > MAX_RANGES) {
      return this.bad(key, value, `an array of at most ${MAX_RANGES} ranges`);
    }
    return value.map((range: unknown, i) => this.range(`${key}[${i}]`, range, key === 'memory', lastNode));
  }

  private range(at: string, value: unknown, hasNode: boolean, lastNode: number): MachineSpec['memory'][number] {
    const parts: unknown[] = Array.isArray(value) ? value : [];
    if (parts.length !== 2 && !(hasNode && parts.length === 3)) {
      return this.bad(at, value, hasNode ? '[address, bytes, node]' : '[address, bytes]');
    }
    const max = this.maxAddress;
    const addr = this.whole(`${at}[0]`, parts[0], 0, max, `an address from 0 to ${max}`);
    const room = max + 1 - addr;
    const size = this.whole(`${at}[1]`, parts[1], 1, room, `a number of bytes from 1 to ${room}`);
    const node = parts.length === 3 ? this.whole(`${at}[2]`, parts[2], 0, lastNode, `a node from 0 to ${lastNode}`) : 0;
    return { addr, size, node };
  }

  // ------------------------------------------------------------------ an operation

  private operation(json: Json, run: RunFile): void {
    if (json.op === 'check') return;
    const kind = typeof json.op === 'string' ? OPS.findIndex((known) => known.name === json.op) : 0;
    const info = OPS[kind];
    if (!info || kind <= 0 || info.trace) this.bad('op', json.op, 'an operation');
    this.checkFields(json, info);
    const op: OpSpec = {
      kind,
      cpu: 0,
      task: 0,
      line: this.line,
      as: 0,
      refs: 0,
      arg: new Array<bigint>(MAX_ARGS).fill(0n),
    };
    for (const arg of info.args) this.argument(json, arg, run, op);
    this.caller(json, run, op);
    this.named(json, info, op);
    this.results(json, info);
    // What the operation above did on its own is not carried out again.
    if (json.by === undefined || json.by === 'kernel') run.ops.push(op);
  }

  private checkFields(json: Json, info: OpInfo): void {
    const known = new Set([...COMMON, ...info.args.map((arg) => arg.name)]);
    if (info.args.some((arg) => arg.type === 'PFN')) known.add('page');
    const foreign = Object.keys(json).find((key) => !known.has(key));
    if (foreign !== undefined) this.bad(foreign, json[foreign], `a field of ${info.name}`);
  }

  private argument(json: Json, info: ArgInfo, run: RunFile, op: OpSpec): void {
    const own = json[info.name];
    const page = info.type === 'PFN' ? json.page : undefined;
    if (page !== undefined && own !== undefined) this.bad('page', page, `nothing beside "${info.name}"`);
    const key = page === undefined ? info.name : 'page';
    const low = info.type === 'NODE' && info.default === -1 ? -1 : 0;
    this.value({ info, key, value: page ?? own, low, high: this.highest(info, run) }, run, op);
  }

  private highest(info: ArgInfo, run: RunFile): number {
    if (info.type === 'NODE') return run.machine.nodes.length - 1;
    if (info.type === 'PFN') return LAST_FRAME;
    if (info.type === 'ORDER') return 31;
    return info.type === 'COUNT' || info.type === 'PAGES3' ? U32_MAX : this.maxAddress;
  }

  private number(arg: Argument, key: string, value: unknown): bigint {
    const expected = (EXPECTED[arg.info.type] ?? ((low, high) => `a number from ${low} to ${high}`))(arg.low, arg.high);
    return BigInt(this.whole(key, value, arg.low, arg.high, expected));
  }

  private value(arg: Argument, run: RunFile, op: OpSpec): void {
    const { info, key, value } = arg;
    if (value === undefined && !info.required) op.arg[info.index] = BigInt(info.default);
    else if (info.type === 'GFP') op.arg[info.index] = this.gfp(arg, run);
    else if (info.type === 'DIR') {
      if (value !== 'up' && value !== 'down') this.bad(key, value, '"up" or "down"');
      op.arg[info.index] = value === 'down' ? 1n : 0n;
    } else if (info.type === 'PAGES3') this.three(arg, op);
    else if (info.type === 'ADDR' && value === null) op.arg[info.index] = NO_ADDRESS;
    else if ((info.type === 'PFN' || info.type === 'ADDR') && typeof value === 'string') this.reference(arg, value, op);
    else op.arg[info.index] = this.number(arg, key, value);
  }

  private gfp(arg: Argument, run: RunFile): bigint {
    if (typeof arg.value !== 'string') return this.bad(arg.key, arg.value, 'flag names joined by |');
    if (arg.value === '0') return 0n;
    let mask = 0;
    for (const name of arg.value.split('|')) {
      const bits = Object.hasOwn(run.kernel.gfps, name) ? run.kernel.gfps[name] : undefined;
      if (bits === undefined) return this.bad(arg.key, name, `flag names of ${run.kernel.name}`);
      mask |= bits;
    }
    return BigInt(mask >>> 0);
  }

  private three(arg: Argument, op: OpSpec): void {
    const { value, key, info } = arg;
    if (!Array.isArray(value) || value.length !== 3) this.bad(key, value, 'an array of 3');
    value.forEach((part: unknown, i) => {
      op.arg[info.index + i] = this.number(arg, `${key}[${i}]`, part);
    });
  }

  private reference(arg: Argument, text: string, op: OpSpec): void {
    const match = REFERENCE.exec(text);
    const offset = Number(match?.[2] ?? 0);
    if (!match || offset > U32_MAX) {
      this.number(arg, arg.key, text);
      return;
    }
    const number = this.names.get(match[1] ?? '');
    if (number === undefined) this.bad(arg.key, text, 'a name given by "as" before');
    op.arg[arg.info.index] = BigInt(number) | (BigInt(offset) << 32n);
    op.refs |= 1 << arg.info.index;
  }

  private caller(json: Json, run: RunFile, op: OpSpec): void {
    const last = run.machine.cpus - 1;
    if (json.cpu !== undefined) op.cpu = this.whole('cpu', json.cpu, 0, last, `a CPU from 0 to ${last}`);
    if (json.task === undefined) return;
    const task = typeof json.task === 'string' && Object.hasOwn(TASKS, json.task) ? TASKS[json.task] : undefined;
    op.task = task ?? this.bad('task', json.task, '"PF_MEMALLOC" or "PF_MEMDIE"');
  }

  private named(json: Json, info: OpInfo, op: OpSpec): void {
    const name = json.as;
    if (name === undefined) return;
    if (info.result !== 'pfn' && info.result !== 'addr') {
      this.bad('as', name, `nothing, as ${info.name} returns no allocation`);
    }
    if (typeof name !== 'string' || !NAME.test(name)) {
      this.bad('as', name, 'a name: letters, digits and _, no digit first');
    }
    const number = this.names.get(name) ?? this.names.size;
    this.names.set(name, number);
    op.as = number + 1;
  }

  /** The recorded results: only their form; the native `verify` compares them. */
  private results(json: Json, info: OpInfo): void {
    this.ret(json.ret, info);
    for (const key of ['bug', 'oops', 'panic']) this.string(key, json[key], '');
    if (json.hang !== undefined && json.hang !== true) this.bad('hang', json.hang, 'true');
    if (json.warn !== undefined && !isObject(json.warn)) this.bad('warn', json.warn, 'an object');
    for (const key of ['note', 'by']) this.string(key, json[key], '');
  }

  private ret(ret: unknown, info: OpInfo): void {
    if (ret === undefined) return;
    if (info.result === 'none') this.bad('ret', ret, `nothing, as ${info.name} returns nothing`);
    const mayStall = info.result === 'pfn' || info.result === 'addr';
    if (ret === null || (mayStall && ret === 'stall')) return;
    const what = info.result === 'pfn' ? 'a frame' : 'an address';
    this.whole('ret', ret, 0, WHOLE_MAX, mayStall ? `${what}, null or "stall"` : 'a number or null');
  }
}

/** @param file the file as the user named it: error texts begin with it. Throws RunFileError. */
export function readRunFile(file: string, text: string): RunFile {
  return new Reader(file).read(text);
}

// -------------------------------------------------------------------- writing

function argumentJson(op: OpSpec, arg: ArgInfo, run: RunFile): unknown {
  const value = op.arg[arg.index] ?? 0n;
  if (arg.type === 'PAGES3') return op.arg.slice(arg.index, arg.index + 3).map(Number);
  if (arg.type === 'DIR') return value === 0n ? 'up' : 'down';
  if (arg.type === 'GFP') return gfpNames(run.kernel.name, Number(value));
  if (arg.type === 'ADDR' && value === NO_ADDRESS) return null;
  if (((op.refs >> arg.index) & 1) === 0) return Number(value);
  const offset = value >> 32n;
  const name = run.names[Number(value & 0xffffffffn)] ?? '';
  return offset === 0n ? name : `${name}+${offset}`;
}

function operationJson(op: OpSpec, run: RunFile): Json {
  const info = OPS[op.kind];
  const json: Json = { op: info?.name };
  for (const arg of info?.args ?? []) json[arg.name] = argumentJson(op, arg, run);
  if (op.cpu !== 0) json.cpu = op.cpu;
  const task = Object.keys(TASKS).find((name) => TASKS[name] === op.task);
  if (task) json.task = task;
  if (op.as !== 0) json.as = run.names[op.as - 1];
  return json;
}

/** Header and operations; what reads it gets the same machine, names and operations. */
export function writeRunFile(run: RunFile): string {
  const { machine } = run;
  const header: Json = { format: 'pageframe-run/1', kernel: run.kernel.name, name: run.name };
  if (run.about !== '') header.about = run.about;
  header.build = machine.numa ? 'numa' : 'uma';
  if (machine.cpus !== 1) header.cpus = machine.cpus;
  if (run.stopOnBug) header.on_bug = 'stop';
  header.machine = { nodes: machine.nodes.map((node, id) => ({ id, ...node })) };
  if (machine.memory.length > 0) header.memory = machine.memory.map(({ addr, size, node }) => [addr, size, node]);
  if (machine.reserved.length > 0) header.reserved = machine.reserved.map(({ addr, size }) => [addr, size]);
  return `${[header, ...run.ops.map((op) => operationJson(op, run))].map((json) => JSON.stringify(json)).join('\n')}\n`;
}
