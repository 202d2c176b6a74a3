/** A run file carried out by the engine: each operation is an entry of the timeline. */
import { STATUSES } from '../generated/tables.ts';
import type { NameInfo } from '../protocol.ts';
import { ALL, Engine, EngineError, FRAMES_LAYER, MachineError, STRUCTURES_LAYER } from './engine.ts';
import { EVENT_BYTES } from './events.ts';
import { FileError, unpack } from './gzip.ts';
import { kernelInfo, memblockOf } from './kernel.ts';
import { CallReader, headerLine, type RunFile, type RunOp, readRunFile } from './runfile.ts';
import { fetchPageblocks, opName, outcomeNumber, Source } from './source.ts';

/** What the timeline's log takes for an operation, more or less. */
const OP_BYTES = 48;
/** Names that can be given to allocations after the run was opened. */
const MOST_NEW_NAMES = 1024;
const NAME_BITS = 0xffffffffn;

/**
 * @param file the name the user gave; error texts begin with it
 * @param on another kernel than the run's own, which may lack some of its operations and flags: those are skipped then
 * Throws RunFileError or FileError.
 */
export async function openRun(
  module: WebAssembly.Module,
  file: string,
  bytes: Uint8Array,
  on: string | null = null,
): Promise<RunSource> {
  const run = readRunFile(file, new TextDecoder('utf-8').decode(await unpack(file, bytes)), on);
  if (run.kernel.pageblockOrder > 0) await fetchPageblocks();
  const source = new RunSource(module, file, run, on);
  const { ops } = run;
  run.ops = []; // they need not stay
  for (const op of ops) {
    if (op.by !== null) continue;
    if (op.kind > 0) carryOut(source, file, op, on !== null);
    else fitting(file, op.line, () => source.append(op));
    if (source.isStopped) break;
  }
  source.searchMisuse();
  return source;
}

function openMachine(engine: Engine, file: string, run: RunFile, names: number): void {
  try {
    engine.open({ ...run.machine, names }, FRAMES_LAYER | STRUCTURES_LAYER, true);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const header = headerLine(run.lines);
    const expected = `a machine that ${run.kernel.name} can have (${error.message})`;
    throw new FileError(`${file}:${header}: field "machine": expected ${expected}, found an object`);
  }
}

/** Why the engine refused an operation. */
export function refusedFor(error: unknown): 'lacks' | 'range' | 'full' | null {
  const status = error instanceof EngineError ? STATUSES[error.status] : undefined;
  if (status === 'this kernel has no such operation') return 'lacks';
  if (status === 'an argument is out of its range') return 'range';
  return status?.startsWith('the region is full') ? 'full' : null;
}

/** Writes records that are there already. */
const intoRecords =
  (from: Uint8Array) =>
  (records: DataView): void =>
    new Uint8Array(records.buffer, records.byteOffset, records.byteLength).set(from);

/** What a line tells, taken in. */
function fitting(file: string, line: number, take: () => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new FileError(`${file}:${line}: expected a state that the machine can have: ${STATUSES[error.status] ?? ''}`);
  }
}

function carryOut(source: RunSource, file: string, op: RunOp, maySkip: boolean): void {
  const name = opName(op.kind);
  try {
    source.append(op);
  } catch (error) {
    const why = refusedFor(error);
    if (why === 'lacks' && maySkip) return carryOut(source, file, { ...op, lacking: name }, false);
    if (why === 'lacks') {
      throw new FileError(
        `${file}:${op.line}: field "op": expected an operation of ${source.run.kernel.name}, found "${name}"`,
      );
    }
    if (why === 'range') {
      throw new FileError(`${file}:${op.line}: expected arguments that ${name} takes, found one out of its range`);
    }
    if (why === 'full') {
      throw new FileError(
        `${file}:${op.line}: expected few frames past the end of memory that keep a count, found more than 1024`,
      );
    }
    throw error;
  }
}

/** A run on its machine. Operations can be added behind the last and taken away from the end. */
export class RunSource extends Source {
  /** Without its operations: they are in the timeline, and can be read again from its lines. */
  readonly run: RunFile;
  /** The file, as the user named it. */
  readonly file: string;
  readonly reader: CallReader;
  /** Of each entry: 1 + the name that it binds, by number. */
  private as = new Uint32Array(64);

  /** `on`: another kernel than the run's own carries it out. */
  constructor(
    module: WebAssembly.Module,
    file: string,
    run: RunFile,
    on: string | null = null,
    operations = run.ops.length,
  ) {
    const engine = new Engine(module);
    const mostNames = run.names.length + MOST_NEW_NAMES;
    openMachine(engine, file, run, mostNames);
    const state = run.told.get(run.state);
    if (state) fitting(file, run.state, () => engine.fold(state.length / EVENT_BYTES, intoRecords(state)));
    engine.begin(operations * OP_BYTES);
    const memblock = memblockOf(run.kernel, run.machine);
    super(engine, {
      kind: 'run',
      name: run.name,
      about: run.about,
      ...(run.state > 0 && { beginning: run.chosen }),
      kernel: kernelInfo(run.kernel, run.machine),
      layers: ['frames', 'structures', 'decisions'],
      nodes: run.machine.nodes,
      ...(memblock && { memblock }),
    });
    this.run = run;
    this.file = file;
    this.reader = new CallReader(run, mostNames, on);
    this.lineText = (line) => (run.lines[line - 1] ?? '').trim();
  }

  /** After this the run has no more: it ends at a BUG. */
  get isStopped(): boolean {
    return this.run.stopOnBug && this.engine.outcome(this.length - 1) === outcomeNumber('bug');
  }

  /** Carries an operation out. Throws EngineError where the engine refuses it; nothing has changed then. */
  append(op: RunOp): void {
    const { engine, length } = this;
    const told = this.run.told.get(op.line);
    try {
      if (told) engine.appendEvents(told.length / EVENT_BYTES, intoRecords(told));
      else engine.appendOp(op);
      const { count, total } = engine.seek(length, ALL);
      if (op.lacking) this.lacks(op.lacking);
      if (op.passedOver) this.passesOver(op.passedOver);
      this.learn(engine.records(count), count, total, told ? op.line : 0);
    } catch (error) {
      if (engine.length > length) engine.truncate(length);
      throw error;
    }
    this.as = grown(this.as, length + 1);
    this.as[length] = op.as;
  }

  /** The entry that bound the name last, before `entry`; -1: none did. */
  private binding(name: number, entry: number): number {
    let at = Math.min(entry, this.length) - 1;
    while (at >= 0 && this.as[at] !== name + 1) at--;
    return at;
  }

  private bindings(entry: number): Uint32Array {
    return this.as.subarray(0, Math.min(entry, this.length));
  }

  /** Numbers of the names that mean something after `entry` entries. */
  boundAt(entry: number): Set<number> {
    const bound = new Set(this.bindings(entry));
    bound.delete(0);
    return new Set([...bound].map((as) => as - 1));
  }

  /** The names that mean something there, the latest first, at most so many. */
  namesAt(entry: number, most: number): NameInfo[] {
    const found = new Map<number, NameInfo>();
    const bound = this.bindings(entry);
    for (let at = bound.length - 1; at >= 0 && found.size < most; at--) {
      const as = bound[at] ?? 0;
      if (as > 0 && !found.has(as)) found.set(as, this.nameInfo(as, at));
    }
    return [...found.values()];
  }

  /** All names that the run binds, with the operation that does so first. */
  allNames(): NameInfo[] {
    const first = new Map<number, number>();
    for (const [entry, as] of this.bindings(this.length).entries()) if (as > 0 && !first.has(as)) first.set(as, entry);
    return [...first].map(([as, entry]) => this.nameInfo(as, entry));
  }

  override unnamed(): number[] {
    return [...new Set(this.kinds().filter((_, entry) => this.as[entry] === 0))];
  }

  private nameInfo(as: number, entry: number): NameInfo {
    return { name: this.run.names[as - 1] ?? '', op: opName(this.kind(entry)), entry };
  }

  override binders(entry: number): Record<string, string> {
    const line = this.lineNumber(entry);
    if (line === 0 || this.run.told.has(line)) return {};
    const { refs, arg } = this.reader.again(line);
    const names = arg.flatMap((value, place) => ((refs >> place) & 1 ? [Number(value & NAME_BITS)] : []));
    return Object.fromEntries(
      names.map((name) => [this.run.names[name] ?? '', opName(this.kind(this.binding(name, entry)))] as const),
    );
  }
}

function grown(from: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  if (needed <= from.length) return from;
  const larger = new Uint32Array(2 * from.length);
  larger.set(from);
  return larger;
}
