/**
 * Machines to choose from, one's own included. A machine has a short text
 * for links: a preset's name, or `START+PAGES,...;ADDRESS+BYTES,...;CPUSxBITS`: its nodes in frames and its reserved ranges in
 * bytes, both in hexadecimal, and where it has several CPUs or 64 bits, these.
 */
import { PAGE_SIZE } from '../generated/tables.ts';

export interface Machine {
  nodes: { start_pfn: number; pages: number }[];
  /** What the firmware reports: [address, bytes, node]; empty: each node's whole extent. */
  memory: [number, number, number][];
  reserved: [number, number][];
  cpus: number;
  bits: Bits;
}

/** How wide addresses are. */
export type Bits = 32 | 64;

const KIB = 1024;
const MIB = 1024 * KIB;
/** Where memory must end: the 32 bits of an address, and the frames that the engine numbers. */
export const MAX_BYTES: Readonly<Record<Bits, number>> = { 32: 2 ** 32, 64: 2 ** 38 };
export const MAX_NODES = 16;
export const MAX_RANGES = 64;
export const MAX_CPUS = 256;
/** The kernel from 1 MiB on, and the firmware's data page. */
const KERNEL: [number, number][] = [
  [0, PAGE_SIZE],
  [MIB, 1536 * KIB],
];

/** A PC: below 1 MiB only 640 KiB are memory. */
const pc = (mib: number, cpus = 1): Machine => ({
  nodes: [{ start_pfn: 0, pages: (mib * MIB) / PAGE_SIZE }],
  memory: [
    [0, 640 * KIB, 0],
    [MIB, (mib - 1) * MIB, 0],
  ],
  reserved: KERNEL,
  cpus,
  bits: 32,
});

const twoNodes: Machine = {
  nodes: [
    { start_pfn: 0, pages: (32 * MIB) / PAGE_SIZE },
    { start_pfn: (32 * MIB) / PAGE_SIZE, pages: (32 * MIB) / PAGE_SIZE },
  ],
  memory: [
    [0, 640 * KIB, 0],
    [MIB, 31 * MIB, 0],
    [32 * MIB, 32 * MIB, 1],
  ],
  reserved: KERNEL,
  cpus: 1,
  bits: 32,
};

export const PRESETS = {
  'pc-16': pc(16),
  'pc-64': pc(64),
  'pc-1024': pc(1024),
  'numa-2x32': twoNodes,
  'smp-64': pc(64, 2),
} as const;
export type Preset = keyof typeof PRESETS;
export const isPreset = (text: string): text is Preset => Object.hasOwn(PRESETS, text);

// -------------------------------------------------------------------- in a link

const hex = (value: number): string => value.toString(16);

export function formatMachine(machine: Machine): string {
  const nodes = machine.nodes.map((node) => `${hex(node.start_pfn)}+${hex(node.pages)}`).join(',');
  const reserved = machine.reserved.map(([address, bytes]) => `${hex(address)}+${hex(bytes)}`).join(',');
  const width = machine.cpus > 1 || machine.bits > 32 ? `${machine.cpus}x${machine.bits}` : '';
  return [nodes, reserved, width].join(';').replace(/;+$/, '');
}

export const isMachine = (text: string): boolean => parseMachine(text) !== null;

/** null where the text means no machine that can be. */
export function parseMachine(text: string): Machine | null {
  if (isPreset(text)) return PRESETS[text];
  const match = /^([0-9a-f+,]{3,500})(?:;([0-9a-f+,]{0,800}))?(?:;(\d{1,3})x(32|64))?$/.exec(text);
  if (!match) return null;
  const [, nodes = '', reserved = '', cpus = '1', bits = '32'] = match;
  const pairs = (list: string): [number, number][] =>
    list === ''
      ? []
      : list.split(',').map((pair) => pair.split('+').map((part) => Number.parseInt(part, 16)) as [number, number]);
  const form: Form = {
    nodes: pairs(nodes).map(([start, pages]) => ({ start: `${start * PAGE_SIZE}B`, size: `${pages * PAGE_SIZE}B` })),
    reserved: pairs(reserved).map(([start, size]) => ({ start: `${start}B`, size: `${size}B` })),
    cpus,
    bits: bits === '64' ? 64 : 32,
  };
  return checkForm(form).machine;
}

// -------------------------------------------------------------------- one's own

export interface FormRow {
  start: string;
  size: string;
}
export interface Form {
  nodes: FormRow[];
  reserved: FormRow[];
  cpus: string;
  bits: Bits;
}
/** What can be wrong with a field. */
export type FieldError = 'size' | 'aligned' | 'empty' | 'overlap' | 'end' | 'cpus';
/** By field: `nodes.1.start`. */
export type FormErrors = Record<string, FieldError>;

const UNITS: Readonly<Record<string, number>> = { b: 1, k: KIB, m: MIB, g: 1024 * MIB, к: KIB, м: MIB, г: 1024 * MIB };

/** Bytes of `64 MiB`, `640K`, `1.5 GiB`, `0x100000` or `0`; null for anything else. */
export function parseSize(text: string): number | null {
  const trimmed = text.trim().toLowerCase().replace(',', '.');
  if (trimmed === '0') return 0;
  if (/^0x[0-9a-f]{1,9}$/.test(trimmed)) return Number.parseInt(trimmed.slice(2), 16);
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s*([bkmgкмг])(?:ib|b|иб|б)?$/.exec(trimmed);
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
      start: formatSize(node.start_pfn * PAGE_SIZE),
      size: formatSize(node.pages * PAGE_SIZE),
    })),
    reserved: machine.reserved.map(([address, bytes]) => ({ start: formatSize(address), size: formatSize(bytes) })),
    cpus: String(machine.cpus),
    bits: machine.bits,
  };
}

/** The form's machine, or what is wrong with its fields. */
export function checkForm(form: Form): { machine: Machine | null; errors: FormErrors } {
  const errors: FormErrors = {};
  let end = 0;
  const nodes = form.nodes.map((row, i) => {
    const [start, size] = readRow(row, `nodes.${i}`, form.bits, errors);
    const wrong = errors as Record<string, FieldError | undefined>;
    if (start % PAGE_SIZE !== 0) wrong[`nodes.${i}.start`] ??= 'aligned';
    if (size % PAGE_SIZE !== 0) wrong[`nodes.${i}.size`] ??= 'aligned';
    if (start < end) wrong[`nodes.${i}.start`] ??= 'overlap';
    end = Math.max(end, start + size);
    return { start_pfn: start / PAGE_SIZE, pages: size / PAGE_SIZE };
  });
  const reserved = form.reserved.map((row, i) => readRow(row, `reserved.${i}`, form.bits, errors));
  const cpus = /^\d{1,3}$/.test(form.cpus.trim()) ? Number(form.cpus) : 0;
  if (cpus < 1 || cpus > MAX_CPUS) errors.cpus = 'cpus';
  const isGood =
    Object.keys(errors).length === 0 && nodes.length > 0 && nodes.length <= MAX_NODES && reserved.length <= MAX_RANGES;
  return { machine: isGood ? { nodes, memory: [], reserved, cpus, bits: form.bits } : null, errors };
}

function readRow(row: FormRow, name: string, bits: Bits, errors: FormErrors): [number, number] {
  const start = parseSize(row.start);
  const size = parseSize(row.size);
  if (start === null) errors[`${name}.start`] = 'size';
  if (size === null) errors[`${name}.size`] = 'size';
  else if (size === 0) errors[`${name}.size`] = 'empty';
  else if ((start ?? 0) + size > MAX_BYTES[bits]) errors[`${name}.size`] = 'end';
  return [start ?? 0, size ?? 0];
}
