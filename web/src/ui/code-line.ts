/** The operation as its caller would write it in C, or the trace's own line. */

import { OPS } from '../generated/tables.ts';
import type { KernelInfo, View } from '../protocol.ts';
import { type Facts, gatherFacts, num } from '../words/facts.ts';
import { hex } from '../words/parts.ts';

export interface CodeLine {
  text: string;
  /** Behind it, as a comment: who calls, and what came back; empty where there is nothing to say. */
  result: string;
}

const VARIABLE: Record<string, string> = { pfn: 'page', addr: 'addr', bytes: 'bytes', pages: 'pages', bool: 'zero' };
/** Bits of op_begin's `task`, by number. */
const TASKS = ['PF_MEMALLOC', 'PF_MEMDIE', 'real-time', 'in an interrupt'];
const NAME = /^[A-Za-z_]\w*(\s*\+\s*\d+)?$/;

/** What the run's own line says, where it is JSON. */
function fieldsOf(line: string): Record<string, unknown> {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A value as the run names it, an allocation; of an array each of its values. */
function named(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.map((one) => named(one) ?? (typeof one === 'number' ? hex(one) : '')).join(', ');
  return typeof value === 'string' && NAME.test(value) ? value : undefined;
}

export function codeLine(view: View, kernel: KernelInfo | null): CodeLine | null {
  if (view.eventsEntry < 0) return null;
  const own = view.operation.length > 0 ? view.operation : view.events;
  const facts = gatherFacts(own, kernel);
  const info = OPS.find((op) => op.name === facts.op);
  if (!info || facts.op === 'none' || info.trace)
    return view.line ? { text: view.line.trim().replace(/\s+/g, ' '), result: '' } : null;
  const fields = fieldsOf(view.line);
  const args = facts.args.map((arg) => {
    // A flag that the kernel lacks is in no mask: only the line has it.
    if (arg.type === 'GFP' && view.lacking) return String(fields[arg.name] ?? facts.argText(arg.name));
    const isNamed = arg.type === 'PFN' || arg.type === 'ADDR' || arg.type === 'PFNS';
    const text = isNamed ? (named(fields[arg.name]) ?? named(fields.page)) : undefined;
    return text ?? facts.argText(arg.name);
  });
  const { call, note } = written(facts, args);
  const variable = VARIABLE[info.result];
  const text = variable ? `${named(fields.as) ?? variable} = ${call}` : call;
  const isDone = variable && view.happened >= view.events.length;
  const notes = [note, ...caller(facts, kernel), isDone ? result(facts, kernel) : ''].filter((one) => one !== '');
  return { text, result: notes.length > 0 ? `/* ${notes.join(', ')} */` : '' };
}

/** The call; a pagevec and a setting are not written as they are read. */
function written({ op, arg }: Facts, args: string[]): { call: string; note: string } {
  if (op === 'pagevec_free')
    return { call: `${op}(&pvec);`, note: `pvec: ${args[0] ?? ''}${arg('cold') ? '; cold' : ''}` };
  if (op === 'sysctl') return { call: `echo ${args[1] ?? 0} > /proc/sys/vm/${args[0]}`, note: '' };
  return { call: `${op}(${args.join(', ')});`, note: '' };
}

/** The CPU, where there are several, and what is particular about who calls. */
function caller(facts: Facts, kernel: KernelInfo | null): string[] {
  const task = num(facts.first('op_begin'), 'task');
  const hasMany = kernel !== null && kernel.nrLists > kernel.nrOrders + 2;
  return [hasMany || facts.cpu > 0 ? `CPU ${facts.cpu}` : '', ...TASKS.filter((_, bit) => task & (1 << bit))];
}

/** What came back. */
function result(facts: Facts, kernel: KernelInfo | null): string {
  if (facts.outcome === '') return '';
  if (facts.value === null) return 'NULL';
  switch (facts.result) {
    case 'pfn':
      return `pfn ${hex(facts.value)}`;
    case 'addr':
      return kernel?.pageOffset
        ? `${hex(facts.value + kernel.pageOffset)}, physical ${hex(facts.value)}`
        : hex(facts.value);
    case 'bytes':
    case 'pages':
    case 'bool':
      return String(facts.value);
    default:
      return '';
  }
}
