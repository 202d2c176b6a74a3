/** A run file carried out by the engine: each operation is an entry of the timeline. */
import { STATUSES } from '../generated/tables.ts';
import { ALL, Engine, EngineError, FRAMES_LAYER, MachineError, type OpSpec, STRUCTURES_LAYER } from './engine.ts';
import { FileError, unpack } from './gzip.ts';
import { kernelInfo } from './kernel.ts';
import { type RunFile, readRunFile } from './runfile.ts';
import { opName, outcomeNumber, Source } from './source.ts';

/** What the timeline's log takes for an operation, more or less. */
const OP_BYTES = 48;

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
): Promise<Source> {
  const run = readRunFile(file, new TextDecoder('utf-8').decode(await unpack(file, bytes)), on);
  const engine = new Engine(module);
  openMachine(engine, file, run);
  engine.begin(run.ops.length * OP_BYTES);
  const source = new Source(engine, {
    kind: 'run',
    name: run.name,
    about: run.about,
    kernel: kernelInfo(run.kernel, run.machine),
    layers: ['frames', 'structures', 'decisions'],
    nodes: run.machine.nodes,
  });
  const { lines } = run; // the operations need not stay
  source.lineText = (line) => (lines[line - 1] ?? '').trim();
  for (const op of run.ops.filter(({ by }) => by === null)) {
    const outcome = carryOut(source, file, run, op, on !== null);
    if (run.stopOnBug && outcome === outcomeNumber('bug')) break;
  }
  source.searchMisuse();
  return source;
}

function openMachine(engine: Engine, file: string, run: RunFile): void {
  try {
    engine.open(run.machine, FRAMES_LAYER | STRUCTURES_LAYER, true);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const header = run.lines.findIndex((line) => line.trim() !== '') + 1;
    const expected = `a machine that ${run.kernel.name} can have (${error.message})`;
    throw new FileError(`${file}:${header}: field "machine": expected ${expected}, found an object`);
  }
}

/** Appends the operation and goes past it once, to learn of it. */
function carryOut(source: Source, file: string, run: RunFile, op: OpSpec, maySkip: boolean): number {
  const { engine } = source;
  try {
    if (op.lacking) source.lacks(op.lacking);
    engine.appendOp(op);
    const { count, total } = engine.seek(source.length, ALL);
    return source.learn(engine.records(count), count, total);
  } catch (error) {
    const status = error instanceof EngineError ? STATUSES[error.status] : undefined;
    const name = opName(op.kind);
    if (status === 'this kernel has no such operation') {
      if (maySkip) {
        engine.truncate(source.length);
        return carryOut(source, file, run, { ...op, lacking: name }, false);
      }
      throw new FileError(
        `${file}:${op.line}: field "op": expected an operation of ${run.kernel.name}, found "${name}"`,
      );
    }
    if (status === 'an argument is out of its range') {
      throw new FileError(`${file}:${op.line}: expected arguments that ${name} takes, found one out of its range`);
    }
    if (status?.startsWith('the region is full')) {
      throw new FileError(
        `${file}:${op.line}: expected few frames past the end of memory that keep a count, found more than 1024`,
      );
    }
    throw error;
  }
}
