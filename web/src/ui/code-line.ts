/** The operation as its caller would write it in C, or the trace's own line. */

import { OPS } from '../generated/tables.ts';
import type { KernelInfo, View } from '../protocol.ts';
import { gatherFacts } from '../words/facts.ts';
import { hex } from '../words/parts.ts';

export interface CodeLine {
  text: string;
  /** What came back, as a comment; empty where nothing does. */
  result: string;
}

const VARIABLE: Record<string, string> = { pfn: 'page', addr: 'addr', bytes: 'bytes', pages: 'pages' };

/** Names that the run's own line gives its arguments and its result. */
function namesIn(line: string): Record<string, string> {
  if (!line.startsWith('{')) return {};
  try {
    const fields = JSON.parse(line) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(fields).filter(
        ([, value]) => typeof value === 'string' && /^[A-Za-z_]\w*(\s*\+\s*\d+)?$/.test(value),
      ),
    ) as Record<string, string>;
  } catch {
    return {};
  }
}

export function codeLine(view: View, kernel: KernelInfo | null): CodeLine | null {
  if (view.eventsEntry < 0) return null;
  const own = view.operation.length > 0 ? view.operation : view.events;
  const facts = gatherFacts(own, kernel);
  const info = OPS.find((op) => op.name === facts.op);
  if (!info || facts.op === 'none' || info.trace)
    return view.line ? { text: view.line.trim().replace(/\s+/g, ' '), result: '' } : null;
  const names = namesIn(view.line);
  const args = facts.args.map((arg) => {
    const named = arg.type === 'PFN' || arg.type === 'ADDR' ? (names[arg.name] ?? names.page) : undefined;
    return named ?? facts.argText(arg.name);
  });
  const variable = VARIABLE[info.result];
  const call = `${facts.op}(${args.join(', ')});`;
  const text = variable ? `${names.as ?? variable} = ${call}` : call;
  return { text, result: variable && view.happened >= view.events.length ? comment(facts, kernel) : '' };
}

function comment(facts: ReturnType<typeof gatherFacts>, kernel: KernelInfo | null): string {
  if (facts.outcome === '') return '';
  if (facts.value === null) return '/* NULL */';
  switch (facts.result) {
    case 'pfn':
      return `/* pfn ${hex(facts.value)} */`;
    case 'addr':
      return kernel?.pageOffset
        ? `/* ${hex(facts.value + kernel.pageOffset)}, physical ${hex(facts.value)} */`
        : `/* ${hex(facts.value)} */`;
    case 'bytes':
    case 'pages':
      return `/* ${facts.value} */`;
    default:
      return '';
  }
}
