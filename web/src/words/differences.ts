/**
 * A sentence for each difference between two sides. The language tables (differences.en.ts, differences.ru.ts) hold the words; they
 * are fetched when something is compared.
 */
import type { Difference, Pair } from '../core/compare.ts';
import type { SourceInfo } from '../protocol.ts';
import { zonePart } from './facts.ts';
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

export function describeDifference(
  table: DifferenceTable,
  words: Words,
  difference: Difference,
  sources: Pair<SourceInfo>,
): Part[] {
  const sides: Sides = {
    names: namesOf(sources),
    zone: (slot) => zonePart(slot, sources[0].kernel, words.zoneOfNode),
    operation: (entry) => sources[0].first + entry + 1,
  };
  const sentence = table[difference.kind] as (difference: Difference, sides: Sides) => Part[];
  return sentence(difference, sides);
}

/** What tells the two sides apart. */
export function namesOf([here, there]: Pair<SourceInfo>): Pair<string> {
  return [here.kernel?.name ?? here.name, there.kernel?.name ?? there.name];
}
