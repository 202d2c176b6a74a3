/** The run that a chosen machine or kernel makes. */
import { OPS } from '../generated/tables.ts';
import { type Machine, parseMachine } from './machine.ts';

type Json = Record<string, unknown>;

const SHORT: Json[] = [
  { op: 'boot' },
  { op: '__get_free_pages', gfp: 'GFP_KERNEL', order: 3, as: 'buf' },
  { op: 'free_pages', addr: 'buf', order: 3 },
];
/** What another machine or kernel would answer otherwise. */
const RESULTS = ['ret', 'bug', 'oops', 'panic', 'hang', 'warn', 'by', 'extfrag', 'zones', 'min_free_kbytes'];
/** Facts of one kernel in a header. */
const OF_KERNEL = ['page_size', 'max_order'];

/** Lines of a run file as they are; null for what is none. */
function read(run: string): Json[] | null {
  try {
    const lines = run.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as Json);
  } catch {
    return null;
  }
}

/** The operations without what they led to; what the kernel calls on its own it will call again. */
function operations(lines: readonly Json[]): Json[] {
  return lines
    .slice(1)
    .filter(({ op, by }) => op !== 'check' && (by === undefined || by === 'kernel'))
    .map((json) => Object.fromEntries(Object.entries(json).filter(([key]) => !RESULTS.includes(key))));
}

/** The operations of a run that make sense on any machine: it boots, and names what it allocates. Otherwise null. */
export function portable(run: string, nodes: number, cpus = 1): Json[] | null {
  const ops = operations(read(run) ?? []);
  const isAtHome = (json: Json): boolean =>
    namesAll(json, () => false) && Number(json.node ?? 0) < nodes && Number(json.cpu ?? 0) < cpus;
  return ops[0]?.op === 'boot' && ops.every(isAtHome) ? ops : null;
}

/**
 * The same run on another kernel, as a run file: it begins with a boot, or makes one out of the boot allocator's calls, and names what
 * it allocates, as every kernel gives out other frames. Otherwise null. The machine stays, and so do addresses in its boot memory.
 */
export function kernelRun(run: string, kernel: string): string | null {
  const lines = read(run) ?? [];
  const ops = operations(lines);
  const isBoot = (json: Json): boolean => /^boot$|bootmem/.test(String(json.op));
  if (!ops[0] || !isBoot(ops[0]) || !ops.every((json) => namesAll(json, isBoot))) return null;
  const header = Object.entries({ ...lines[0], kernel }).filter(([key]) => !OF_KERNEL.includes(key));
  return written([Object.fromEntries(header), ...ops]);
}

/** The kernel that a run file names. */
export function kernelOf(run: string): string {
  return String(read(run.trimStart().split('\n', 1)[0] ?? '')?.[0]?.kernel ?? '');
}

/** Are frames and addresses given by name, or else as numbers that the operation may have? */
function namesAll(json: Json, mayHaveNumbers: (json: Json) => boolean): boolean {
  const args = OPS.find((info) => info.name === json.op)?.args ?? [];
  const given = args.flatMap(({ name, type }) => {
    if (type !== 'PFN' && type !== 'ADDR' && type !== 'PFNS') return [];
    return json[name] ?? (type === 'PFN' ? json.page : undefined);
  });
  return !given.some((value) => typeof value === 'number') || mayHaveNumbers(json);
}

function written(lines: readonly Json[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What a run file's header says of a machine; undefined: nothing. */
const headerOf = ({ nodes, memory, reserved, cpus, bits }: Machine): Json => ({
  machine: { nodes: nodes.map((node, id) => ({ id, ...node })) },
  cpus: cpus > 1 ? cpus : undefined,
  bits_per_long: bits > 32 ? bits : undefined,
  memory: memory.length > 0 ? memory : undefined,
  reserved: reserved.length > 0 ? reserved : undefined,
});
/** What else a header says of the machine that it was written for. */
const NO_OTHER: Json = { build: undefined, config: undefined };

/** A run file for the machine: the operations of `run` where they make sense there, or a short scenario. */
export function machineRun(machine: Machine, kernel: string, about: string, run: string | null): string {
  const header = { format: 'pageframe-run/1', kernel, about, ...headerOf(machine) };
  return written([header, ...((run === null ? null : portable(run, machine.nodes.length, machine.cpus)) ?? SHORT)]);
}

/** The run file with another machine in its header; its other lines are the same. null: it stays on its own. */
export function onMachine(run: string, text: string | null): string {
  const machine = parseMachine(text ?? '');
  const lines = run.split('\n');
  const at = lines.findIndex((line) => line.trim() !== '');
  const header = read(lines[at] ?? '')?.[0];
  if (!machine || !header) return run;
  return lines.with(at, JSON.stringify({ ...header, ...NO_OTHER, ...headerOf(machine) })).join('\n');
}
