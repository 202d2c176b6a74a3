/** Two sides by name, and where the sentences about their differences (differences.ts) are fetched from. */

import type { Difference, Pair } from '../core/compare.ts';
import { PAGE_SIZE } from '../generated/tables.ts';
import type { SourceInfo } from '../protocol.ts';
import type { Language, Words } from './index.ts';
import type { Part } from './parts.ts';

/** The two sides, as a sentence names them and what they have. */
export interface Sides {
  names: Pair<string>;
  /** How a zone is called, which both have. */
  zone(slot: number): Part;
  /** Number that an entry has on the page. */
  operation(entry: number): number;
}

export type DifferenceTable = {
  [K in Difference['kind']]: (difference: Extract<Difference, { kind: K }>, sides: Sides) => Part[];
};

/** How large a source's machine is: its memory, nodes and CPUs. */
export function sizeOf({ nodes, kernel }: SourceInfo): [bytes: number, nodes: number, cpus: number] {
  return [nodes.reduce((sum, node) => sum + node.pages, 0) * PAGE_SIZE, nodes.length, kernel?.nrCpus ?? 0];
}

export async function loadDifferences(language: Language): Promise<DifferenceTable> {
  return language === 'ru'
    ? (await import('./differences.ru.ts')).differences
    : (await import('./differences.en.ts')).differences;
}

/** How a source is called among those that it stands beside. */
function nameOf(source: SourceInfo, all: readonly SourceInfo[], words: Words): string {
  const { now, before } = words.fork;
  const fork = all.find(({ isBefore }) => isBefore);
  if (fork && (source === fork || source === all[0])) {
    const isNew = all[0]?.edits?.before?.isNew ?? false;
    return (source === fork) !== isNew ? before : now;
  }
  const name = source.kernel?.name ?? source.name;
  const machine = (one: SourceInfo): string => words.machineSize(...sizeOf(one));
  return all.every((one) => machine(one) === machine(source)) ? name : `${name} (${machine(source)})`;
}

/** What tells the sides apart. */
export function namesOf(sources: readonly SourceInfo[], words: Words): readonly string[] {
  const names = sources.map((source) => nameOf(source, sources, words));
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name} (${i + 1})`));
}
