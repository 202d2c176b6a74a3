/** Calls as C, as a kernel programmer writes them: out of the fields of a run file's line, with the names that it gives. */
import { type ArgInfo, OPS, type OpInfo } from '../generated/tables.ts';
import { hex } from '../words/parts.ts';

/** A line of a run file, or what stands for one. */
export type Fields = Readonly<Record<string, unknown>>;
/** For each name, the operation that bound it last. */
export type Binders = Readonly<Record<string, string>>;

/** What a name is in C: a frame's descriptor, an address as a number, or one from the boot allocator, as a pointer. */
type Kind = 'page' | 'addr' | 'boot';

export const TYPES: Readonly<Record<Kind, string>> = { page: 'struct page *', addr: 'unsigned long ', boot: 'void *' };
/** What a result is called that has no name, and its type where that is no allocation's. */
const VARIABLES: Readonly<Record<string, string>> = {
  pfn: 'page',
  addr: 'addr',
  bytes: 'bytes',
  pages: 'pages',
  bool: 'zero',
};
const NUMBERS: Readonly<Record<string, string>> = { bytes: 'unsigned long ', pages: 'unsigned long ', bool: 'int ' };
/** Their arguments are addresses as the kernel sees them; what the boot allocator takes are physical ones. */
const VIRTUAL = new Set(['free_pages', 'free_page']);
const REFERENCE = /^([A-Za-z_]\w*)(?:\+(\d+))?$/;

export const infoOf = (op: unknown): OpInfo | undefined => OPS.find(({ name }) => name === op && name !== 'none');
export const isBoot = (op: string): boolean => op.includes('bootmem');

/** What names are that this operation binds. */
export function kindOf(op: string): Kind {
  if (infoOf(op)?.result === 'pfn') return 'page';
  return isBoot(op) ? 'boot' : 'addr';
}

/** The variable that an operation's result goes into where the run gives it no name; empty: it has none. */
export function variableOf({ name, result }: OpInfo): string {
  return result === 'addr' && isBoot(name) ? 'table' : (VARIABLES[result] ?? '');
}

/** The type of that variable, and of names that are given to the result. */
export function typeOf({ name, result }: OpInfo): string {
  return NUMBERS[result] ?? TYPES[kindOf(name)];
}

/** Does the caller have to look whether it got anything? The boot allocator panics where it has nothing. */
export function mayFail({ name, result }: OpInfo): boolean {
  return (result === 'pfn' || result === 'addr') && !isBoot(name);
}

/** Its address takes the kernel's own view of memory. */
export const takesVirtual = (op: string): boolean => VIRTUAL.has(op);

/** A name, and so many pages on, where a frame is wanted, a virtual or a physical address. */
function reference(text: string, wanted: 'page' | 'virtual' | 'physical', binders: Binders): string | null {
  const match = REFERENCE.exec(text);
  const name = match?.[1];
  if (!name) return null;
  const binder = binders[name];
  const kind = binder === undefined ? (wanted === 'page' ? 'page' : 'addr') : kindOf(binder);
  const pages = Number(match[2] ?? 0);
  const inPages = pages > 0 ? ` + ${pages}` : '';
  const inBytes = pages > 0 ? ` + ${pages === 1 ? '' : `${pages} * `}PAGE_SIZE` : '';
  if (kind === 'page') {
    const page = `${name}${inPages}`;
    if (wanted === 'page') return page;
    return wanted === 'virtual' ? `(unsigned long)page_address(${page})` : `page_to_phys(${page})`;
  }
  if (wanted === 'page') return `virt_to_page(${name})${inPages}`;
  if (wanted === 'physical') return binder === undefined ? `${name}${inBytes}` : `__pa(${name}${inBytes})`;
  return kind === 'boot' ? `(unsigned long)${name}${inBytes}` : `${name}${inBytes}`;
}

function page(value: unknown, binders: Binders): string {
  if (typeof value === 'number') return `pfn_to_page(${hex(value)})`;
  return reference(String(value ?? ''), 'page', binders) ?? String(value ?? '');
}

function address(op: string, value: unknown, binders: Binders): string {
  const isVirtual = takesVirtual(op);
  if (value === null) return '0';
  if (typeof value === 'number') return isVirtual ? `(unsigned long)__va(${hex(value)})` : hex(value);
  return reference(String(value ?? ''), isVirtual ? 'virtual' : 'physical', binders) ?? String(value ?? '');
}

function argument(op: string, { name, type, default: absent }: ArgInfo, fields: Fields, binders: Binders): string {
  const value = fields[name] ?? (type === 'PFN' ? fields.page : undefined);
  if (type === 'PFN') return page(value, binders);
  if (type === 'ADDR') return address(op, fields[name] === null ? null : (value ?? absent), binders);
  if (type === 'GFP') return String(value ?? '').replaceAll('|', ' | ');
  if (Array.isArray(value)) return `{${value.join(', ')}}`;
  if (type === 'PAGES3' && value === undefined) return '{0, 0, 0}';
  return String(value ?? absent);
}

/** Without a node that is not named, and without what stands last and is as if left out. */
function written(args: readonly ArgInfo[], fields: Fields): readonly ArgInfo[] {
  const isLeftOut = ({ name, required, default: absent }: ArgInfo): boolean => {
    const value = fields[name];
    if (required) return false;
    return value === undefined || (Array.isArray(value) ? value.every((one) => one === absent) : value === absent);
  };
  const last = args.findLastIndex((info) => !isLeftOut(info));
  return args.slice(0, last + 1).filter((info) => info.type !== 'NODE' || !isLeftOut(info));
}

export interface Statement {
  /** With what is assigned, and the semicolon. */
  text: string;
  /** What the call itself cannot say: a pagevec's frames. */
  note: string;
  /** What the result is assigned to; empty: to nothing. */
  variable: string;
}

/** A call as a statement; an operation that nobody knows is empty. */
export function statement(fields: Fields, binders: Binders = {}): Statement {
  const info = infoOf(fields.op);
  if (!info) return { text: '', note: '', variable: '' };
  const { name } = info;
  if (name === 'sysctl')
    return { text: `echo ${fields.value ?? 0} > /proc/sys/vm/${fields.name ?? ''}`, note: '', variable: '' };
  if (name === 'pagevec_free') {
    const pages = Array.isArray(fields.pfns) ? fields.pfns.map((one) => page(one, binders)) : [];
    const cold = Number(fields.cold ?? 0) === 0 ? '' : '; cold';
    return { text: `${name}(&pvec);`, note: `pvec: ${pages.join(', ')}${cold}`, variable: '' };
  }
  const args = written(info.args, fields).map((arg) => argument(name, arg, fields, binders));
  const as = typeof fields.as === 'string' && fields.as !== '' ? fields.as : undefined;
  const variable = as ?? variableOf(info);
  const call = `${name}(${args.join(', ')});`;
  return { text: variable === '' ? call : `${variable} = ${call}`, note: '', variable };
}
