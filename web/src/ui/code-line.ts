/** The operation as its caller would write it in C, or the trace's own line. */
import { OPS, SYSCTLS } from '../generated/tables.ts';
import type { KernelInfo, View } from '../protocol.ts';
import { type Facts, gatherFacts, num, pfnsOf } from '../words/facts.ts';
import { hex } from '../words/parts.ts';
import { type Binders, type Fields, infoOf, statement } from './c-code.ts';

export interface CodeLine {
  text: string;
  /** Behind it, as a comment: who calls, and what came back; empty where there is nothing to say. */
  result: string;
}

/** What of an entry makes its line of code. */
export type Told = Pick<View, 'operation' | 'line'> & { binders?: Binders };

/** Bits of op_begin's `task`, by number. */
const TASKS = ['PF_MEMALLOC', 'PF_MEMDIE', 'real-time', 'in an interrupt'];

/** What the run's own line says, where it is JSON. */
function lineFields(line: string): Fields | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return null;
  }
}

/** The operation as a line of a run file would have it; a trace's has no such thing. */
function eventFields(facts: Facts): Fields {
  const fields: Record<string, unknown> = { op: facts.op };
  for (const { name, type } of facts.args) {
    const value = facts.arg(name);
    if (type === 'GFP') fields[name] = facts.gfp(value ?? 0);
    else if (type === 'DIR') fields[name] = value === 0 ? 'up' : 'down';
    else if (type === 'SYSCTL') fields[name] = SYSCTLS[value ?? 0];
    else if (type === 'NODE') fields[name] = value ?? -1;
    else if (type === 'PAGES3') fields[name] = [name, `${name}[1]`, `${name}[2]`].map(facts.arg);
    else if (type === 'PFNS') fields[name] = pfnsOf(name, facts.arg);
    else fields[name] = value;
  }
  return fields;
}

/** The fields of an entry's call: the run's own line, or else what the events say; null where there is no call. */
export function fieldsOf(told: Told, facts: Facts): Fields | null {
  const own = lineFields(told.line);
  if (own && infoOf(own.op)) return own;
  const info = OPS.find(({ name }) => name === facts.op);
  return !info || info.name === 'none' || info.trace ? null : eventFields(facts);
}

export function codeLine(view: View, kernel: KernelInfo | null): CodeLine | null {
  if (view.eventsEntry < 0) return null;
  const facts = gatherFacts(view.operation.length > 0 ? view.operation : view.events, kernel);
  const fields = fieldsOf(view, facts);
  if (!fields) return view.line ? { text: view.line.trim().replace(/\s+/g, ' '), result: '' } : null;
  const { text, note, variable } = statement(fields, view.binders);
  const isDone = variable !== '' && view.happened >= view.events.length;
  const notes = [note, ...caller(facts, kernel), isDone ? resultText(facts, kernel) : ''].filter((one) => one !== '');
  return { text, result: notes.length > 0 ? `/* ${notes.join(', ')} */` : '' };
}

/** The CPU, where there are several, and what is particular about who calls. */
export function caller(facts: Facts, kernel: KernelInfo | null): string[] {
  const task = num(facts.first('op_begin'), 'task');
  const hasMany = kernel !== null && kernel.nrCpus > 1;
  return [hasMany || facts.cpu > 0 ? `CPU ${facts.cpu}` : '', ...TASKS.filter((_, bit) => task & (1 << bit))];
}

/** What came back. */
export function resultText(facts: Facts, kernel: KernelInfo | null): string {
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
    case 'pfns':
      return String(facts.value);
    default:
      return '';
  }
}
