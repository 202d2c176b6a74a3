/**
 * The run as a C function, row by row. Which row is what can be told from the operations' numbers alone, so that of a long run only
 * the rows in sight need be known in full.
 */
import { countBefore } from '../core/search.ts';
import { OPS } from '../generated/tables.ts';
import type { CodeEntry, KernelInfo, NameInfo } from '../protocol.ts';
import { gatherFacts } from '../words/facts.ts';
import { infoOf, kindOf, mayFail, statement, TYPES, typeOf, variableOf } from './c-code.ts';
import { caller, fieldsOf, resultText } from './code-line.ts';

/** Characters of a declaration. */
const WIDE = 44;
/** And of a line of the comment at the top. */
const COMMENT = 44;
/** What stands before the statements, without the declarations; and after them. */
const BEFORE = ['int run(void)', '{'];
const AFTER = ['', '\treturn 0;', '}'];

/** A row: text of its own, or part `part` of an entry's statement. */
export type Row = { text: string } | { entry: number; part: number };

/** The rows of an operation: the call, and where it may give nothing, the caller's test and its way out. */
const ROWS = OPS.map((info) => (mayFail(info) ? 3 : 1));

/** Declarations of all names, and of the variables that the results of operations `unnamed` go into. */
export function declarations(unnamed: Iterable<number>, names: readonly NameInfo[]): string[] {
  const byType = new Map<string, Set<string>>();
  const add = (type: string, name: string): void => {
    byType.set(type, (byType.get(type) ?? new Set()).add(name));
  };
  for (const { name, op } of names) add(TYPES[kindOf(op)], name);
  const known = new Set(names.map(({ name }) => name));
  for (const kind of unnamed) {
    const info = OPS[kind];
    const name = info ? variableOf(info) : '';
    if (info && name !== '' && !known.has(name)) add(typeOf(info), name);
  }
  return [...byType].flatMap(([type, all]) => declared(type, [...all]));
}

/** A comment, as long as it is. */
function titled(title: string): string[] {
  const rows = [''];
  for (const word of title.split(/\s+/)) {
    const last = rows.length - 1;
    const row = rows[last] ?? '';
    if (row.length + word.length > COMMENT) rows.push(word);
    else rows[last] = row === '' ? word : `${row} ${word}`;
  }
  return rows.length === 1 ? [`/* ${rows[0]} */`] : ['/*', ...rows.map((row) => ` * ${row}`), ' */'];
}

function declared(type: string, names: readonly string[]): string[] {
  const out: string[] = [];
  let row = '';
  for (const name of names) {
    const one = type.endsWith('*') && row !== '' ? `*${name}` : name;
    if (row !== '' && row.length + one.length > WIDE) {
      out.push(`${row};`);
      row = '';
    }
    row = row === '' ? `\t${type}${name}` : `${row}, ${one}`;
  }
  return [...out, ...(row === '' ? [] : [`${row};`])];
}

export class CodeRows {
  readonly total: number;
  /** Text of the rows above the statements. */
  private readonly above: readonly string[];
  /** Row of each entry's statement, counted from the first statement. */
  private readonly starts: Uint32Array;

  constructor(title: string, kinds: Uint8Array, unnamed: Iterable<number>, names: readonly NameInfo[]) {
    const declaring = declarations(unnamed, names);
    this.above = [...titled(title), ...BEFORE, ...declaring, ...(declaring.length > 0 ? [''] : [])];
    this.starts = new Uint32Array(kinds.length + 1);
    let at = 0;
    for (const [entry, kind] of kinds.entries()) {
      this.starts[entry] = at;
      at += ROWS[kind] ?? 1;
    }
    this.starts[kinds.length] = at;
    this.total = this.above.length + at + AFTER.length;
  }

  get entries(): number {
    return this.starts.length - 1;
  }

  rowOf(entry: number): number {
    return this.above.length + (this.starts[entry] ?? 0);
  }

  /** The entry whose row it is, or that comes next; `entries` behind the last. */
  entryAt(row: number): number {
    const wanted = row - this.above.length;
    return countBefore(this.entries, (entry) => (this.starts[entry + 1] ?? 0) <= wanted);
  }

  at(row: number): Row {
    const below = row - this.above.length;
    if (below < 0) return { text: this.above[row] ?? '' };
    const last = this.starts[this.entries] ?? 0;
    if (below >= last) return { text: AFTER[below - last] ?? '' };
    const entry = this.entryAt(row);
    return { entry, part: below - (this.starts[entry] ?? 0) };
  }
}

/** What stands beside a statement. */
export interface Beside {
  text: string;
  isWrong: boolean;
}

/** What only a language can say of an outcome. */
export interface OutcomeWords {
  failed: string;
  stall: string;
  hang: string;
  nothing: string;
  lacks: (what: string) => string;
}

const SILENT: Beside = { text: '', isWrong: false };
const NOTHING = { name: 'none', result: 'none', trace: false, args: [] } as const;
const LOUD: Readonly<Record<string, string>> = { bug: 'BUG', oops: 'Oops', panic: 'Kernel panic' };

/** `part`: the row of the statement; an allocation that failed is told where the caller goes out. */
export function beside(told: CodeEntry, kernel: KernelInfo | null, words: OutcomeWords, part = 0): Beside {
  const isLate = told.outcome === 'failed' && mayFail(infoOf(told.operation[0]?.op) ?? NOTHING);
  if (part > 0) return part === 2 && isLate ? { text: words.failed, isWrong: true } : SILENT;
  const facts = gatherFacts([...told.operation, ...told.said], kernel);
  const { outcome } = told;
  const note = statement(fieldsOf(told, facts) ?? {}, told.binders).note;
  const before = [note, ...caller(facts, kernel)].filter((one) => one !== '');
  const say = (text: string, isWrong = false): Beside => ({
    text: [...before, text].filter((one) => one !== '').join(', '),
    isWrong,
  });
  if (told.lacking) return say(words.lacks(told.lacking));
  const loud = LOUD[outcome];
  if (loud) return say(`${loud}: ${facts.bug.replace(`${facts.op}: `, '')}`, true);
  if (outcome === 'stall' || outcome === 'hang') return say(words[outcome], true);
  if (outcome === 'nothing') return say(words.nothing);
  return say(infoOf(facts.op)?.result === 'none' ? '' : resultText(facts, kernel).replace(/, physical .*/, ''), isLate);
}

/** The text of a statement's row. */
export function partText(told: CodeEntry, part: number, kernel: KernelInfo | null): string {
  const fields = fieldsOf(told, gatherFacts(told.operation, kernel));
  if (!fields) return `\t/* ${told.line.trim().replace(/\s+/g, ' ')} */`;
  const { text, variable } = statement(fields, told.binders);
  if (part === 1) return `\tif (!${variable})`;
  if (part === 2) return '\t\treturn -ENOMEM;';
  return fields.op === 'sysctl' ? `\t/* ${text} */` : `\t${text}`;
}
