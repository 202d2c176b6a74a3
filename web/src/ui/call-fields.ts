/** What is typed into the call box, as the fields of a run file's line. Nothing is judged here: the reader does that. */
import { type ArgInfo, KERNELS, type KernelTable, OPS, type OpName, SYSCTLS } from '../generated/tables.ts';
import type { KernelInfo, NameInfo, View } from '../protocol.ts';
import { kindOf, takesVirtual } from './c-code.ts';
import { parseSize } from './machine.ts';

/** What stands in the fields. */
export interface Form {
  op: OpName;
  /** By argument; what a call does not take stays for the next that does. */
  values: Readonly<Record<string, string>>;
  /** Flags, in the order of the kernel's table. */
  gfp: readonly string[];
  as: string;
  cpu: number;
  task: '' | 'PF_MEMALLOC' | 'PF_MEMDIE' | 'rt';
  irq: boolean;
}

export const TASKS = ['', 'PF_MEMALLOC', 'PF_MEMDIE', 'rt'] as const;
export const EMPTY: Form = {
  op: '__get_free_pages',
  values: { order: '0' },
  gfp: ['GFP_KERNEL'],
  as: '',
  cpu: 0,
  task: '',
  irq: false,
};

export const tableOf = (kernel: string): KernelTable | undefined => KERNELS.find(({ name }) => name === kernel);
export const argsOf = (op: string): readonly ArgInfo[] => OPS.find(({ name }) => name === op)?.args ?? [];
export const takesFlags = (op: string): boolean => argsOf(op).some(({ type }) => type === 'GFP');
export const namesResult = (op: string): boolean =>
  ['pfn', 'addr'].includes(OPS.find(({ name }) => name === op)?.result ?? '');

/** CPUs of the machine, where the kernel cares. */
export const cpusOf = ({ nrCpus }: KernelInfo): number => Math.max(1, nrCpus);

/** Groups of calls, as a menu has them. */
export const GROUPS = ['pages', 'free', 'percpu', 'boot'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(op: OpName): Group {
  if (op === 'boot' || op === 'free_area_init' || op === 'free_boot_range' || /bootmem|memblock/.test(op))
    return 'boot';
  if (/pagevec|hot|cold|drain|sysctl|init_per_zone|testzero|^set_|vmstat/.test(op)) return 'percpu';
  return namesResult(op) || op === 'alloc_pages_bulk' ? 'pages' : 'free';
}

function number(text: string): unknown {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text.slice(2), 16);
  return text;
}

/** An address as run files have it: physical. What the kernel itself calls it may be typed where it takes that. */
function address(op: string, text: string, kernel: KernelInfo): unknown {
  if (/^null$/i.test(text)) return null;
  const value = number(text);
  const { pageOffset } = kernel;
  const isVirtual = typeof value === 'number' && pageOffset > 0 && takesVirtual(op) && value >= pageOffset;
  return isVirtual ? value - pageOffset : value;
}

const parts = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== '');

/** One argument; undefined: left out. */
function argumentOf(form: Form, { name, type, required }: ArgInfo, kernel: KernelInfo): unknown {
  if (type === 'GFP') return form.gfp.length > 0 ? form.gfp.join('|') : '0';
  const text = (form.values[name] ?? '').trim().replaceAll(/\s*\+\s*/g, '+');
  switch (type) {
    case 'NODE':
      return text === '' ? (required ? 0 : undefined) : number(text);
    case 'DIR':
      return text || 'up';
    case 'SYSCTL':
      return text || SYSCTLS[0];
    case 'PAGES3':
      return text === '' ? undefined : parts(text).map(number);
    case 'PFNS':
      return parts(text).map(number);
    case 'SIZE':
    case 'ALIGN':
      return text === '' ? undefined : (parseSize(text) ?? number(text));
    case 'ADDR':
      return text === '' ? undefined : address(form.op, text, kernel);
    default:
      return text === '' ? undefined : number(text);
  }
}

/** The line that the form makes. */
export function fieldsOfForm(form: Form, kernel: KernelInfo): Record<string, unknown> {
  const fields: Record<string, unknown> = { op: form.op };
  for (const arg of argsOf(form.op)) {
    const value = argumentOf(form, arg, kernel);
    if (value !== undefined) fields[arg.name] = value;
  }
  if (form.cpu > 0 && cpusOf(kernel) > 1) fields.cpu = form.cpu;
  if (form.task !== '' && takesFlags(form.op)) fields.task = form.task;
  if (form.irq && takesFlags(form.op)) fields.irq = true;
  const as = form.as.trim();
  if (as !== '' && namesResult(form.op)) fields.as = as;
  return fields;
}

/** A flag more or less: the kernel's order stays. */
export function toggled(gfp: readonly string[], flag: string, kernel: string): string[] {
  const all = Object.keys(tableOf(kernel)?.gfps ?? {});
  const now = new Set(gfp);
  if (!now.delete(flag)) now.add(flag);
  return all.filter((name) => now.has(name));
}

const NAMES: Readonly<Record<string, string>> = { page: 'page', addr: 'buf', boot: 'table' };

/** A name for the result that means nothing yet. */
export function freshName(op: string, names: readonly NameInfo[]): string {
  if (!namesResult(op)) return '';
  const base = NAMES[kindOf(op)] ?? 'page';
  const used = new Set(names.map(({ name }) => name));
  let name = base;
  for (let i = 2; used.has(name); i++) name = `${base}${i}`;
  return name;
}

/** The name of what was taken last, of the kind that the argument asks for; empty: there is none. */
export function lastOfKind(arg: ArgInfo, op: string, names: readonly NameInfo[]): string {
  const wanted = arg.type === 'ADDR' ? (takesVirtual(op) ? 'addr' : 'boot') : 'page';
  return names.find((one) => kindOf(one.op) === wanted)?.name ?? '';
}

/** Where a call goes: behind the operation that is shown, the one under way included. */
export const entryOf = ({ place }: View): number => place.entry + (place.inner > 0 ? 1 : 0);
