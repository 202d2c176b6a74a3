/**
 * Machines to choose from, one's own included, and the run that a chosen one makes. A machine has a short text for links: a
 * preset's name, or `START+PAGES,...;ADDRESS+BYTES,...` in hexadecimal: its nodes in frames, its reserved ranges in bytes.
 */
import { OPS } from '../generated/tables.ts';

export interface Machine {
  nodes: { start_pfn: number; pages: number }[];
  /** What the firmware reports: [address, bytes, node]; empty: each node's whole extent. */
  memory: [number, number, number][];
  reserved: [number, number][];
}

const PAGE = 4096;
const KIB = 1024;
const MIB = 1024 * KIB;
/** The machine is 32 bits wide. */
export const MAX_BYTES = 2 ** 32;
export const MAX_NODES = 16;
export const MAX_RANGES = 32;
/** The kernel from 1 MiB on, and the firmware's data page. */
const KERNEL: [number, number][] = [
  [0, PAGE],
  [MIB, 1536 * KIB],
];

/** A PC: below 1 MiB only 640 KiB are memory. */
const pc = (mib: number): Machine => ({
  nodes: [{ start_pfn: 0, pages: (mib * MIB) / PAGE }],
  memory: [
    [0, 640 * KIB, 0],
    [MIB, (mib - 1) * MIB, 0],
  ],
  reserved: KERNEL,
});

const twoNodes: Machine = {
  nodes: [
    { start_pfn: 0, pages: (32 * MIB) / PAGE },
    { start_pfn: (32 * MIB) / PAGE, pages: (32 * MIB) / PAGE },
  ],
  memory: [
    [0, 640 * KIB, 0],
    [MIB, 31 * MIB, 0],
    [32 * MIB, 32 * MIB, 1],
  ],
  reserved: KERNEL,
};

export const PRESETS = { 'pc-16': pc(16), 'pc-64': pc(64), 'pc-1024': pc(1024), 'numa-2x32': twoNodes } as const;
export type Preset = keyof typeof PRESETS;
export const isPreset = (text: string): text is Preset => Object.hasOwn(PRESETS, text);

// -------------------------------------------------------------------- in a link

const hex = (value: number): string => value.toString(16);

export function formatMachine(machine: Machine): string {
  const nodes = machine.nodes.map((node) => `${hex(node.start_pfn)}+${hex(node.pages)}`).join(',');
  const reserved = machine.reserved.map(([address, bytes]) => `${hex(address)}+${hex(bytes)}`).join(',');
  return reserved ? `${nodes};${reserved}` : nodes;
}

/** null where the text means no machine that can be. */
export function parseMachine(text: string): Machine | null {
  if (isPreset(text)) return PRESETS[text];
  if (!/^[0-9a-f+,;]{3,600}$/.test(text)) return null;
  const [nodes = '', reserved = ''] = text.split(';');
  const pairs = (list: string): [number, number][] =>
    list === ''
      ? []
      : list.split(',').map((pair) => pair.split('+').map((part) => Number.parseInt(part, 16)) as [number, number]);
  const form: Form = {
    nodes: pairs(nodes).map(([start, pages]) => ({ start: `${start * PAGE}B`, size: `${pages * PAGE}B` })),
    reserved: pairs(reserved).map(([start, size]) => ({ start: `${start}B`, size: `${size}B` })),
  };
  const { machine } = checkForm(form);
  return machine;
}

// -------------------------------------------------------------------- one's own

export interface FormRow {
  start: string;
  size: string;
}
export interface Form {
  nodes: FormRow[];
  reserved: FormRow[];
}
/** What can be wrong with a field. */
export type FieldError = 'size' | 'aligned' | 'empty' | 'overlap' | 'end';
/** By field: `nodes.1.start`. */
export type FormErrors = Record<string, FieldError>;

const UNITS: Readonly<Record<string, number>> = { b: 1, k: KIB, m: MIB, g: 1024 * MIB, к: KIB, м: MIB, г: 1024 * MIB };

/** Bytes of `64 MiB`, `640K`, `1.5 GiB`, `0x100000` or `0`; null for anything else. */
export function parseSize(text: string): number | null {
  const trimmed = text.trim().toLowerCase().replace(',', '.');
  if (trimmed === '0') return 0;
  if (/^0x[0-9a-f]{1,9}$/.test(trimmed)) return Number.parseInt(trimmed.slice(2), 16);
  const match = /^(\d{1,10}(?:\.\d{1,3})?)\s*([bkmgкмг])(?:ib|b|иб|б)?$/.exec(trimmed);
  if (!match) return null;
  const bytes = Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN);
  return Number.isInteger(bytes) ? bytes : null;
}

export function formatSize(bytes: number): string {
  if (bytes === 0) return '0';
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : `0x${hex(bytes)}`;
}

export function formOf(machine: Machine): Form {
  return {
    nodes: machine.nodes.map((node) => ({
      start: formatSize(node.start_pfn * PAGE),
      size: formatSize(node.pages * PAGE),
    })),
    reserved: machine.reserved.map(([address, bytes]) => ({ start: formatSize(address), size: formatSize(bytes) })),
  };
}

/** The form's machine, or what is wrong with its fields. */
export function checkForm(form: Form): { machine: Machine | null; errors: FormErrors } {
  const errors: FormErrors = {};
  let end = 0;
  const nodes = form.nodes.map((row, i) => {
    const [start, size] = readRow(row, `nodes.${i}`, errors);
    const wrong = errors as Record<string, FieldError | undefined>;
    if (start % PAGE !== 0) wrong[`nodes.${i}.start`] ??= 'aligned';
    if (size % PAGE !== 0) wrong[`nodes.${i}.size`] ??= 'aligned';
    if (start < end) wrong[`nodes.${i}.start`] ??= 'overlap';
    end = Math.max(end, start + size);
    return { start_pfn: start / PAGE, pages: size / PAGE };
  });
  const reserved = form.reserved.map((row, i) => readRow(row, `reserved.${i}`, errors));
  const isGood =
    Object.keys(errors).length === 0 && nodes.length > 0 && nodes.length <= MAX_NODES && reserved.length <= MAX_RANGES;
  return { machine: isGood ? { nodes, memory: [], reserved } : null, errors };
}

function readRow(row: FormRow, name: string, errors: FormErrors): [number, number] {
  const start = parseSize(row.start);
  const size = parseSize(row.size);
  if (start === null) errors[`${name}.start`] = 'size';
  if (size === null) errors[`${name}.size`] = 'size';
  else if (size === 0) errors[`${name}.size`] = 'empty';
  else if ((start ?? 0) + size > MAX_BYTES) errors[`${name}.size`] = 'end';
  return [start ?? 0, size ?? 0];
}

// -------------------------------------------------------------------- the run it makes

type Json = Record<string, unknown>;

const SHORT: Json[] = [
  { op: 'boot' },
  { op: '__get_free_pages', gfp: 'GFP_KERNEL', order: 3, as: 'buf' },
  { op: 'free_pages', addr: 'buf', order: 3 },
];
/** What another machine would answer otherwise. */
const RESULTS = ['ret', 'bug', 'oops', 'panic', 'hang', 'warn', 'by', 'extfrag'];

/** The operations of a run that make sense on any machine: it boots, and names what it allocates. Otherwise null. */
export function portable(run: string, nodes: number): Json[] | null {
  const ops: Json[] = [];
  for (const line of run.split('\n').slice(1)) {
    if (line.trim() === '') continue;
    let json: Json;
    try {
      json = JSON.parse(line) as Json;
    } catch {
      return null;
    }
    if (json.op === 'check' || (json.by !== undefined && json.by !== 'kernel')) continue;
    if (!namesAll(json, nodes)) return null;
    ops.push(Object.fromEntries(Object.entries(json).filter(([key]) => !RESULTS.includes(key))));
  }
  return ops[0]?.op === 'boot' ? ops : null;
}

function namesAll(json: Json, nodes: number): boolean {
  const args = OPS.find((info) => info.name === json.op)?.args ?? [];
  return args.every(({ name, type }) => {
    const value = json[name] ?? (type === 'PFN' ? json.page : undefined);
    if (type === 'PFN' || type === 'ADDR') return typeof value !== 'number';
    return type !== 'NODE' || typeof value !== 'number' || value < nodes;
  });
}

/** A run file for the machine: the operations of `run` where they make sense there, or a short scenario. */
export function machineRun(machine: Machine, kernel: string, about: string, run: string | null): string {
  const header = {
    format: 'pageframe-run/1',
    kernel,
    about,
    machine: { nodes: machine.nodes.map((node, id) => ({ id, ...node })) },
    ...(machine.memory.length > 0 ? { memory: machine.memory } : {}),
    ...(machine.reserved.length > 0 ? { reserved: machine.reserved } : {}),
  };
  const ops = (run === null ? null : portable(run, machine.nodes.length)) ?? SHORT;
  return [header, ...ops].map((line) => `${JSON.stringify(line)}\n`).join('');
}
