/** Two sides by name, and where the sentences about their differences (differences.ts) are fetched from. */
import type { Difference, Pair } from '../core/compare.ts';
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

export async function loadDifferences(language: Language): Promise<DifferenceTable> {
  return language === 'ru'
    ? (await import('./differences.ru.ts')).differences
    : (await import('./differences.en.ts')).differences;
}

/** One kernel on both sides: a run and what became of it otherwise. */
export const isFork = ([here, there]: Pair<SourceInfo>): boolean =>
  here.kernel !== null && here.kernel.name === there.kernel?.name;

/** What tells the two sides apart. */
export function namesOf([here, there]: Pair<SourceInfo>, words: Words): Pair<string> {
  const { now, before } = words.fork;
  if (isFork([here, there])) return here.edits?.before?.isNew ? [before, now] : [now, before];
  return [here.kernel?.name ?? here.name, there.kernel?.name ?? there.name];
}
