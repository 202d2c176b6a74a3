/**
 * Run files: docs/run-files.md in TypeScript, error texts included. A file is read and checked as a whole; nothing of a bad
 * one is kept. server/runfile*.c is the same reader in C, and tests/runfiles judges both.
 */
import {
  type ArgInfo,
  KERNELS,
  type KernelTable,
  OPS,
  type OpInfo,
  PAGE_SIZE,
  PAGEVEC_SIZE,
  SYSCTLS,
} from '../generated/tables.ts';
import { MAX_ARGS, type MachineSpec, NO_VALUE, type OpSpec } from './engine.ts';
import { gfpNames } from './gfp.ts';
import { type Chosen, readChosen, readSettings, SETTING_NAMES, StateReader } from './runfile-state.ts';

/**
 * `by`: the call that made this one on its own, so that it is not carried out again; else null. An operation of kind 0 is none, but
 * a line that tells something (RunFile.told).
 */
export interface RunOp extends OpSpec {
  by: string | null;
}

export interface RunFile {
  name: string;
  about: string;
  stopOnBug: boolean;
  kernel: KernelTable;
  machine: MachineSpec;
  /** The line with the state that it begins with, instead of a boot; 0: there is none. */
  state: number;
  /** What of that state its writer chose. */
  chosen: Chosen[];
  /** What lines tell that no operation does, by their numbers, as records of events: the state, and some checks. */
  told: Map<number, Uint8Array>;
  /** Names of allocations, by number. */
  names: string[];
  ops: RunOp[];
  /** Lines of the file, then those of calls made since; `op.line` counts from 1. */
  lines: string[];
}

/** What a field should have held, to be said in any language. */
export interface Wanted {
  what: ArgInfo['type'] | 'cpu' | 'known-name' | 'new-name' | 'names' | 'other';
  low: number;
  high: number;
}

/** The message names file and line; where a field is wrong, that and what it holds stand in it apart, too. */
export class RunFileError extends Error {
  field = '';
  found = '';
  wanted: Wanted = { what: 'other', low: 0, high: 0 };
}

type Json = Record<string, unknown>;

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;
const U32_MAX = 0xffffffff;
const LAST_FRAME = U32_MAX - 2;
const MAX_FRAMES = 1 << 26;
const MAX_NODES = 16;
const MAX_RANGES = 64;
const MAX_CPUS = 256;
const CACHE_LINE = 32;
const TASKS: Readonly<Record<string, number>> = { PF_MEMALLOC: 1, PF_MEMDIE: 2, rt: 4, oom_victim: 16 };
const IRQ = 8;
/** The kernel's own call, and what `by` says then. */
const KERNEL = 32;
const BY_KERNEL = 'kernel';
const COMMON = [
  'op', 'cpu', 'task', 'irq', 'as', 'ret', 'bug', 'panic', 'oops', 'hang', 'warn', 'note', 'by', 'extfrag',
]; // biome-ignore format: a list
/** What an operation may carry besides that needs the machine's memory, as the header may have it; and one that sets the zones' marks. */
const RANGE_KEYS = ['memory', 'reserved'] as const;
const TAKES_RANGES: readonly string[] = ['memblock_free_all'];
const MARK_KEYS = ['zones', 'min_free_kbytes'];
const SETS_MARKS: readonly string[] = ['init_per_zone_pages_min', 'sysctl'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const REFERENCE = /^([A-Za-z_][A-Za-z0-9_]*)(?:\+([0-9]{1,10}))?$/;
const BLANK = /^[ \t\r]*$/;
/** JSON that the C reader refuses: a NUL in a string, half of a surrogate pair. */
const NUL = /(?:^|[^\\])(?:\\\\)*\\u0000/;
const SURROGATE = /\\ud[89a-f]/i;

/** The line of the header: the first that is not blank. */
export const headerLine = (lines: readonly string[]): number => lines.findIndex((line) => !BLANK.test(line)) + 1;
const headerOf = (lines: readonly string[]): Json => JSON.parse(lines[headerLine(lines) - 1] ?? '{}') as Json;

/** An operation without anything yet. */
const emptyOp = (kind: number, line: number): RunOp => ({
  kind,
  cpu: 0,
  task: 0,
  line,
  as: 0,
  refs: 0,
  arg: new Array<bigint>(MAX_ARGS).fill(0n),
  by: null,
});

const maxAddress = (bitsPerLong: number, kernel: KernelTable): number =>
  (bitsPerLong || kernel.bitsPerLong) === 32 ? U32_MAX : WHOLE_MAX;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A flag of some kernel that only tells what frames are for. */
const isHint = (flag: string): boolean =>
  KERNELS.some(({ gfps, gfpHints }) => Object.hasOwn(gfps, flag) && gfps[flag] && !(gfps[flag] & ~gfpHints));

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
  PFNS: (low, high) => `a frame from ${low} to ${high} or a name`,
  ADDR: (low, high) => `an address from ${low} to ${high}, a name or null`,
  SIZE: (low, high) => `a number of bytes from ${low} to ${high}`,
  ALIGN: (low, high) => `an alignment from ${low} to ${high}`,
  ORDER: (low, high) => `an order from ${low} to ${high}`,
};

/** One argument, or one element of it, on its way from the line into the operation. */
interface Argument {
  info: ArgInfo;
  /** In OpSpec.arg. */
  place: number;
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
  /** The names that mean something at this line; null: all that came before it. */
  private bound: ReadonlySet<number> | null = null;
  private run: RunFile | null = null;
  /** The kernel that carries the run out, whatever the header says; null: the header's own. */
  private readonly on: string | null;
  /** The flag of the line being read that this kernel lacks, and hints of others that it passes over. */
  private lacking = '';
  private hints: string[] = [];
  /** No line has come since the header. */
  private isAtFirst = true;
  private stateReader: StateReader | null = null;
  private readonly refuse = (field: string, value: unknown, expected: string): never =>
    this.bad(field, value, expected);

  constructor(file: string, on: string | null) {
    this.file = file;
    this.on = on;
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
      else this.take(value, this.run);
    }
    if (!this.run) return this.badLine('a header line', 'the end of the file');
    this.run.names = [...this.names.keys()];
    this.run.machine.names = this.run.names.length;
    return this.run;
  }

  /** A line behind the header. */
  private take(json: Json, run: RunFile): void {
    if (json.op === 'state') this.beginning(json, run);
    else if (json.op === 'check') this.check(json, run);
    else {
      run.ops.push(this.operation(json, run));
      Object.assign(run.machine, this.operationRanges(json, run));
    }
    this.isAtFirst = false;
  }

  private beginning(json: Json, run: RunFile): void {
    const { kernel, lines } = run;
    if (kernel.typeNames.length === 0) this.bad('op', json.op, `an operation of ${kernel.name}`);
    if (!this.isAtFirst) this.bad('op', json.op, 'an operation, as a state comes before all others');
    const { line } = this;
    this.line = headerLine(lines);
    const settings = readSettings(headerOf(lines), this.refuse);
    this.line = line;
    run.state = line;
    run.chosen = readChosen(json, this.refuse);
    run.told.set(line, this.states(run).state(json, settings));
  }

  private check(json: Json, run: RunFile): void {
    const told = this.states(run).check(json);
    if (told.length === 0) return;
    run.told.set(this.line, told);
    run.ops.push(emptyOp(0, this.line));
  }

  private states(run: RunFile): StateReader {
    this.stateReader ??= new StateReader(run.machine, this.refuse);
    return this.stateReader;
  }

  /** A run that was read comes back, for single lines. */
  resume(run: RunFile): void {
    this.maxAddress = maxAddress(run.machine.bitsPerLong, run.kernel);
    run.names.forEach((name, number) => {
      this.names.set(name, number);
    });
  }

  /** An operation of a run, from the text of line `line`. */
  one(run: RunFile, line: number, text: string, bound: ReadonlySet<number> | null): RunOp {
    this.line = line;
    this.bound = bound;
    const value = parseLine(text);
    if (!isObject(value)) this.badLine('a JSON object', foundText(value));
    const op = this.operation(value, run);
    if (bound) this.repeatsRanges(value, run);
    return op;
  }

  /** Names that came since the first `count`. */
  namesFrom(count: number): string[] {
    return this.names.size === count ? [] : [...this.names.keys()].slice(count);
  }

  forget(names: readonly string[]): void {
    for (const name of names) this.names.delete(name);
  }

  noRoom(name: string, most: number): never {
    return this.bad('as', name, `at most ${most} names`, { what: 'names', low: 0, high: most });
  }

  private badLine(expected: string, found: string): never {
    throw new RunFileError(`${this.file}:${this.line}: expected ${expected}, found ${found}`);
  }

  private bad(field: string, value: unknown, expected: string, wanted?: Wanted): never {
    const found = foundText(value);
    const error = new RunFileError(
      `${this.file}:${this.line}: field ${foundText(field)}: expected ${expected}, found ${found}`,
    );
    throw Object.assign(error, { field, found, ...(wanted ? { wanted } : {}) });
  }

  private whole(
    field: string,
    value: unknown,
    low: number,
    high: number,
    expected: string,
    what: Wanted['what'] = 'other',
  ): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    return this.bad(field, value, expected, { what, low, high });
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
    const number = KERNELS.findIndex((candidate) => candidate.name === (this.on ?? json.kernel)) + 1;
    const kernel = KERNELS[number - 1];
    if (!kernel) this.bad('kernel', json.kernel, `one of ${KERNELS.map((known) => known.name).join(', ')}`);
    this.fact('page_size', json.page_size, PAGE_SIZE);
    const bitsPerLong = this.bits(json.bits_per_long, kernel);
    this.maxAddress = maxAddress(bitsPerLong, kernel);
    if (this.on === null) this.fact('max_order', json.max_order, kernel.nrOrders);
    const build = json.build === undefined ? '' : this.choice('build', json.build, ['uma', 'numa'], '"uma" or "numa"');
    const told = json.cpus;
    const said = told === undefined ? 0 : this.whole('cpus', told, 1, MAX_CPUS, `a number from 1 to ${MAX_CPUS}`);
    const name = this.string('name', json.name, this.file.slice(this.file.lastIndexOf('/') + 1));
    const about = this.string('about', json.about, '');
    const onBug = this.choice('on_bug', json.on_bug, ['continue', 'stop'], '"continue" or "stop"');
    const nodes = this.nodes(json.machine, said || MAX_CPUS);
    const cpus = said || 1 + Math.max(0, ...nodes.flatMap((node) => node.cpus ?? []));
    if (build === 'uma' && nodes.length > 1) this.bad('build', build, `"numa", as there are ${nodes.length} nodes`);
    const numa = build === '' ? nodes.length > 1 : build === 'numa';
    const memory = this.ranges('memory', json.memory, nodes.length - 1);
    const reserved = this.ranges('reserved', json.reserved, nodes.length - 1);
    const config = this.config(json.config, numa, cpus);
    const machine: MachineSpec = {
      kernel: number,
      numa,
      cpus,
      names: 0,
      bitsPerLong,
      ...config,
      nodes,
      memory,
      reserved,
    };
    const stopOnBug = onBug === 'stop' && this.on === null;
    return {
      name,
      about,
      stopOnBug,
      kernel,
      machine,
      state: 0,
      chosen: [],
      told: new Map(),
      names: [],
      ops: [],
      lines,
    };
  }

  /** What is settled may be stated, if it is true. */
  private fact(field: string, value: unknown, settled: number | boolean): void {
    if (value !== undefined && value !== settled) this.bad(field, value, String(settled));
  }

  /** The kernel's own width, or 64 where it can be built for that, too; 0 where the header does not say. */
  private bits(value: unknown, kernel: KernelTable): number {
    if (value === undefined) return 0;
    if (value === kernel.bitsPerLong || (value === 64 && kernel.mayBe64Bit)) return value;
    if (this.on !== null && value === 64) return 0;
    return this.bad('bits_per_long', value, `${kernel.bitsPerLong}${kernel.mayBe64Bit ? ' or 64' : ''}`);
  }

  private boolean(field: string, value: unknown): boolean {
    if (value === undefined) return false;
    return typeof value === 'boolean' ? value : this.bad(field, value, 'true or false');
  }

  /** How the kernel was configured, beside `build` and `cpus`. */
  private config(value: unknown, numa: boolean, cpus: number): Pick<MachineSpec, 'smp' | 'sizeofStructPage'> {
    if (value === undefined) return { smp: false, sizeofStructPage: 0 };
    if (!isObject(value)) return this.bad('config', value, 'an object');
    const smp = this.boolean('config.smp', value.smp);
    if (value.smp === false && cpus > 1) this.bad('config.smp', false, `true, as there are ${cpus} CPUs`);
    this.fact('config.numa', value.numa, numa);
    this.fact('config.l1_cache_bytes', value.l1_cache_bytes, CACHE_LINE);
    const page = value.sizeof_struct_page;
    const wanted = `a number of bytes from 1 to ${PAGE_SIZE}`;
    const sizeofStructPage =
      page === undefined ? 0 : this.whole('config.sizeof_struct_page', page, 1, PAGE_SIZE, wanted);
    return { smp, sizeofStructPage };
  }

  /** `cpus`: how many there can be. */
  private nodes(machine: unknown, cpus: number): MachineSpec['nodes'] {
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
      const own = this.nodeCpus(`${at}.cpus`, node.cpus, cpus - 1);
      return own.length > 0 ? { start_pfn: start, pages, cpus: own } : { start_pfn: start, pages };
    });
  }

  /** The CPUs of a node. Where the header does not say how many there are, they are those that nodes have. */
  private nodeCpus(at: string, value: unknown, last: number): number[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) return this.bad(at, value, 'an array of CPUs');
    const all = value.map((cpu: unknown, i) => this.whole(`${at}[${i}]`, cpu, 0, last, `a CPU from 0 to ${last}`));
    return [...new Set(all)].sort((a, b) => a - b);
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

  private operation(json: Json, run: RunFile): RunOp {
    const kind = typeof json.op === 'string' ? OPS.findIndex((known) => known.name === json.op) : 0;
    const info = OPS[kind];
    if (!info || kind <= 0 || info.trace) this.bad('op', json.op, 'an operation');
    this.checkFields(json, info);
    const op = emptyOp(kind, this.line);
    this.lacking = '';
    this.hints = [];
    for (const arg of info.args) this.argument(json, arg, run, op);
    if (this.lacking !== '') op.lacking = this.lacking;
    if (this.hints.length > 0) op.passedOver = this.hints.join('|');
    this.caller(json, run, op);
    this.named(json, info, op);
    this.results(json, info);
    this.maker(json, op);
    return op;
  }

  /** Who made the call, where it is not the run itself. */
  private maker({ by }: Json, op: RunOp): void {
    if (by === BY_KERNEL) op.task |= KERNEL;
    else if (typeof by === 'string') op.by = by;
  }

  /** The machine's memory, told where it is needed instead of in the header. */
  private operationRanges(json: Json, run: RunFile): Partial<Pick<MachineSpec, 'memory' | 'reserved'>> {
    if (RANGE_KEYS.every((key) => json[key] === undefined)) return {};
    const last = run.machine.nodes.length - 1;
    const [memory = [], reserved = []] = RANGE_KEYS.map((key) => this.ranges(key, json[key], last));
    return { memory, reserved };
  }

  /** The machine is made already: a call can only repeat what memory it has. */
  private repeatsRanges(json: Json, run: RunFile): void {
    for (const [key, ranges] of Object.entries(this.operationRanges(json, run)))
      if (JSON.stringify(ranges) !== JSON.stringify(run.machine[key as 'memory']))
        this.bad(key, json[key], 'what the machine was made with');
  }

  private checkFields(json: Json, info: OpInfo): void {
    const known = new Set([...COMMON, ...info.args.map((arg) => arg.name)]);
    if (info.args.some((arg) => arg.type === 'PFN')) known.add('page');
    if (TAKES_RANGES.includes(info.name)) for (const key of RANGE_KEYS) known.add(key);
    if (SETS_MARKS.includes(info.name)) for (const key of MARK_KEYS) known.add(key);
    const foreign = Object.keys(json).find((key) => !known.has(key));
    if (foreign !== undefined) this.bad(foreign, json[foreign], `a field of ${info.name}`);
  }

  private argument(json: Json, info: ArgInfo, run: RunFile, op: OpSpec): void {
    const own = json[info.name];
    const page = info.type === 'PFN' ? json.page : undefined;
    if (page !== undefined && own !== undefined) this.bad('page', page, `nothing beside "${info.name}"`);
    const key = page === undefined ? info.name : 'page';
    const low = info.type === 'NODE' && info.default === -1 ? -1 : 0;
    this.value({ info, place: info.index, key, value: page ?? own, low, high: this.highest(info, run) }, run, op);
  }

  private highest(info: ArgInfo, run: RunFile): number {
    if (info.type === 'NODE') return run.machine.nodes.length - 1;
    if (info.type === 'PFN' || info.type === 'PFNS') return LAST_FRAME;
    if (info.type === 'ORDER') return 31;
    return info.type === 'COUNT' || info.type === 'PAGES3' ? U32_MAX : this.maxAddress;
  }

  private number({ info, key, value, low, high }: Argument): bigint {
    const expected = EXPECTED[info.type]?.(low, high) ?? `a number from ${low} to ${high}`;
    return BigInt(this.whole(key, value, low, high, expected, info.type));
  }

  private value(arg: Argument, run: RunFile, op: OpSpec): void {
    const { info, key, value } = arg;
    if (value === undefined && !info.required) op.arg[arg.place] = BigInt(info.default);
    else if (info.type === 'GFP') op.arg[arg.place] = this.gfp(arg, run);
    else if (info.type === 'DIR') {
      if (value !== 'up' && value !== 'down') this.bad(key, value, '"up" or "down"');
      op.arg[arg.place] = value === 'down' ? 1n : 0n;
    } else if (info.type === 'SYSCTL') op.arg[arg.place] = this.sysctl(arg);
    else if (info.type === 'PAGES3' || info.type === 'PFNS') this.array(arg, op);
    else this.plain(arg, op);
  }

  /** A number, a name or NULL, as the argument's type allows. */
  private plain(arg: Argument, op: OpSpec): void {
    const { info, value } = arg;
    if (info.type === 'ADDR' && value === null) op.arg[arg.place] = NO_VALUE;
    else if (['PFN', 'PFNS', 'ADDR'].includes(info.type) && typeof value === 'string') this.reference(arg, value, op);
    else op.arg[arg.place] = this.number(arg);
  }

  private gfp(arg: Argument, run: RunFile): bigint {
    if (typeof arg.value !== 'string') return this.bad(arg.key, arg.value, 'flag names joined by |');
    if (arg.value === '0') return 0n;
    let mask = 0;
    for (const name of arg.value.split('|')) {
      const bits = Object.hasOwn(run.kernel.gfps, name) ? run.kernel.gfps[name] : undefined;
      if (bits === undefined) this.foreign(arg.key, name, run);
      mask |= bits ?? 0;
    }
    return BigInt(mask >>> 0);
  }

  /** A flag that the kernel has not: a hint is passed over. */
  private foreign(key: string, flag: string, run: RunFile): void {
    if (isHint(flag)) this.hints.push(flag);
    else if (this.mayLack(flag)) this.lacking ||= flag;
    else this.bad(key, flag, `flag names of ${run.kernel.name}`);
  }

  private sysctl({ key, value }: Argument): bigint {
    const number = (SYSCTLS as readonly unknown[]).indexOf(value);
    return number < 0 ? this.bad(key, value, `one of ${SYSCTLS.join(', ')}`) : BigInt(number);
  }

  /** A flag of another kernel, in a run that is compared. */
  private mayLack(flag: string): boolean {
    return this.on !== null && KERNELS.some(({ gfps }) => Object.hasOwn(gfps, flag));
  }

  /** All elements, each in a place of its own. */
  private array(arg: Argument, op: OpSpec): void {
    const { value, key, place, info } = arg;
    const isThree = info.type === 'PAGES3';
    if (!Array.isArray(value) || (isThree ? value.length !== 3 : value.length > PAGEVEC_SIZE))
      return this.bad(key, value, isThree ? 'an array of 3' : `an array of at most ${PAGEVEC_SIZE} frames`);
    if (!isThree) op.arg.fill(NO_VALUE, place, place + PAGEVEC_SIZE);
    value.forEach((part: unknown, i) => {
      this.plain({ ...arg, place: place + i, key: `${key}[${i}]`, value: part }, op);
    });
  }

  private reference(arg: Argument, text: string, op: OpSpec): void {
    const match = REFERENCE.exec(text);
    const offset = Number(match?.[2] ?? 0);
    if (!match || offset > U32_MAX) {
      this.number(arg);
      return;
    }
    const number = this.names.get(match[1] ?? '');
    if (number === undefined || this.bound?.has(number) === false)
      this.bad(arg.key, text, 'a name given by "as" before', { what: 'known-name', low: 0, high: 0 });
    op.arg[arg.place] = BigInt(number) | (BigInt(offset) << 32n);
    op.refs |= 1 << arg.place;
  }

  private caller(json: Json, run: RunFile, op: OpSpec): void {
    const last = run.machine.cpus - 1;
    if (json.cpu !== undefined) op.cpu = this.whole('cpu', json.cpu, 0, last, `a CPU from 0 to ${last}`, 'cpu');
    if (json.task !== undefined) {
      const task = typeof json.task === 'string' && Object.hasOwn(TASKS, json.task) ? TASKS[json.task] : undefined;
      op.task = task ?? this.bad('task', json.task, '"PF_MEMALLOC", "PF_MEMDIE", "rt" or "oom_victim"');
    }
    if (this.boolean('irq', json.irq)) op.task |= IRQ;
  }

  private named(json: Json, info: OpInfo, op: OpSpec): void {
    const name = json.as;
    if (name === undefined) return;
    if (info.result !== 'pfn' && info.result !== 'addr') {
      this.bad('as', name, `nothing, as ${info.name} returns no allocation`);
    }
    if (typeof name !== 'string' || !NAME.test(name)) {
      this.bad('as', name, 'a name: letters, digits and _, no digit first', { what: 'new-name', low: 0, high: 0 });
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
    if (json.zones !== undefined && !Array.isArray(json.zones)) this.bad('zones', json.zones, 'an array');
    // Where it is a result: as an argument of another operation it would be checked there.
    const kbytes = json.min_free_kbytes;
    if (kbytes !== undefined) this.whole('min_free_kbytes', kbytes, 0, U32_MAX, `a number from 0 to ${U32_MAX}`);
    for (const key of ['note', 'by']) this.string(key, json[key], '');
  }

  private ret(ret: unknown, info: OpInfo): void {
    if (ret === undefined) return;
    if (info.result === 'none') this.bad('ret', ret, `nothing, as ${info.name} returns nothing`);
    if (info.result === 'pfns') return this.frames(ret);
    if (info.result === 'bool') {
      if (ret !== null && typeof ret !== 'boolean') this.bad('ret', ret, 'true, false or null');
      return;
    }
    const mayStall = info.result === 'pfn' || info.result === 'addr';
    if (ret === null || (mayStall && ret === 'stall')) return;
    const what = info.result === 'pfn' ? 'a frame' : 'an address';
    this.whole('ret', ret, 0, WHOLE_MAX, mayStall ? `${what}, null or "stall"` : 'a number or null');
  }

  private frames(ret: unknown): void {
    const expected = 'an array of frames';
    if (!Array.isArray(ret)) return this.bad('ret', ret, expected);
    for (const pfn of ret) this.whole('ret', pfn, 0, LAST_FRAME, expected);
  }
}

/**
 * @param file the file as the user named it: error texts begin with it
 * @param on the kernel to carry it out, where that is not its own: what that kernel lacks is then no error (OpSpec.lacking)
 * Throws RunFileError.
 */
export function readRunFile(file: string, text: string, on: string | null = null): RunFile {
  return new Reader(file, on).read(text);
}

/** Reads single operations of a run: those that it has, and calls that are added to it. */
export class CallReader {
  private readonly run: RunFile;
  private readonly mostNames: number;
  private readonly reader: Reader;

  /** `on`: as in readRunFile. */
  constructor(run: RunFile, mostNames: number, on: string | null) {
    this.run = run;
    this.mostNames = mostNames;
    this.reader = new Reader(run.name, on);
    this.reader.resume(run);
  }

  /** Line `line` of the run, once more. */
  again(line: number): RunOp {
    if (this.run.told.has(line)) return emptyOp(0, line);
    return this.reader.one(this.run, line, this.run.lines[line - 1] ?? '', null);
  }

  /**
   * One more operation, as a line of the run's file would have it; the line is the run's from then on.
   *
   * @param bound numbers of the names that mean something where it is to be made
   * Throws RunFileError; the run is then what it was.
   */
  call(text: string, bound: ReadonlySet<number>): RunOp {
    const { run, reader, mostNames } = this;
    const known = run.names.length;
    try {
      const op = reader.one(run, run.lines.length + 1, text, bound);
      const names = reader.namesFrom(known);
      if (known + names.length > mostNames) reader.noRoom(names[0] ?? '', mostNames);
      run.names.push(...names);
      run.lines.push(text);
      return op;
    } catch (error) {
      reader.forget(reader.namesFrom(known));
      throw error;
    }
  }
}

// -------------------------------------------------------------------- writing

function argumentJson(op: OpSpec, arg: ArgInfo, run: RunFile): unknown {
  const places = (count: number): unknown[] =>
    Array.from({ length: count }, (_, i) => valueJson(op, arg, arg.index + i, run));
  if (arg.type === 'PAGES3') return places(3);
  if (arg.type !== 'PFNS') return valueJson(op, arg, arg.index, run);
  const all = op.arg.slice(arg.index, arg.index + PAGEVEC_SIZE);
  return places(1 + all.findLastIndex((value) => value !== NO_VALUE));
}

const gfpJson = ({ passedOver }: OpSpec, names: string): string =>
  passedOver ? [...(names === '0' ? [] : [names]), passedOver].join('|') : names;

/** What stands in one place of OpSpec.arg. */
function valueJson(op: OpSpec, arg: ArgInfo, place: number, run: RunFile): unknown {
  const value = op.arg[place] ?? 0n;
  if (arg.type === 'DIR') return value === 0n ? 'up' : 'down';
  if (arg.type === 'GFP') return gfpJson(op, gfpNames(run.kernel.name, Number(value)));
  if (arg.type === 'SYSCTL') return SYSCTLS[Number(value)];
  if (arg.type === 'ADDR' && value === NO_VALUE) return null;
  if (((op.refs >> place) & 1) === 0) return Number(value);
  const offset = value >> 32n;
  const name = run.names[Number(value & 0xffffffffn)] ?? '';
  return offset === 0n ? name : `${name}+${offset}`;
}

function operationJson(op: RunOp, run: RunFile): Json {
  const info = OPS[op.kind];
  const json: Json = { op: info?.name };
  for (const arg of info?.args ?? []) json[arg.name] = argumentJson(op, arg, run);
  if (op.cpu !== 0) json.cpu = op.cpu;
  const task = Object.keys(TASKS).find((name) => (op.task & (TASKS[name] ?? 0)) !== 0);
  if (task) json.task = task;
  if ((op.task & IRQ) !== 0) json.irq = true;
  if (op.as !== 0) json.as = run.names[op.as - 1];
  if (op.by !== null) json.by = op.by;
  else if ((op.task & KERNEL) !== 0) json.by = BY_KERNEL;
  return json;
}

/** The settings that belong to a state line. */
function settingsJson({ state, lines }: RunFile): Json {
  const header = state === 0 ? {} : headerOf(lines);
  return Object.fromEntries(SETTING_NAMES.filter((name) => name in header).map((name) => [name, header[name]]));
}

/** Header, state and operations; what reads it gets the same machine, names and operations. */
export function writeRunFile(run: RunFile): string {
  const { machine, state, lines, ops } = run;
  const header: Json = { format: 'pageframe-run/1', kernel: run.kernel.name, name: run.name };
  if (run.about !== '') header.about = run.about;
  header.build = machine.numa ? 'numa' : 'uma';
  if (machine.cpus !== 1) header.cpus = machine.cpus;
  if (run.stopOnBug) header.on_bug = 'stop';
  header.machine = { nodes: machine.nodes.map((node, id) => ({ id, ...node })) };
  if (machine.memory.length > 0) header.memory = machine.memory.map(({ addr, size, node }) => [addr, size, node]);
  if (machine.reserved.length > 0) header.reserved = machine.reserved.map(({ addr, size }) => [addr, size]);
  if (machine.bitsPerLong !== 0) header.bits_per_long = machine.bitsPerLong;
  const config: Json = {};
  if (machine.smp) config.smp = true;
  if (machine.sizeofStructPage !== 0) config.sizeof_struct_page = machine.sizeofStructPage;
  if (machine.smp || machine.sizeofStructPage !== 0) header.config = config;
  Object.assign(header, settingsJson(run));
  const body = ops.filter(({ kind }) => kind > 0).map((op) => JSON.stringify(operationJson(op, run)));
  const beginning = state === 0 ? [] : [lines[state - 1] ?? ''];
  return `${[JSON.stringify(header), ...beginning, ...body].join('\n')}\n`;
}
