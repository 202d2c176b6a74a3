/**
 * A sentence for each difference between two sides. The language tables (differences.en.ts, differences.ru.ts) hold the words; they
 * are fetched when something is compared.
 */
import type { Difference, Pair } from '../core/compare.ts';
import type { TroubleName } from '../generated/tables.ts';
import type { SourceInfo, Trouble } from '../protocol.ts';
import { statement } from '../ui/c-code.ts';
import { zonePart } from './facts.ts';
import type { Language, Words } from './index.ts';
import { capital, type Part } from './parts.ts';

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
    names: namesOf(sources, words),
    zone: (slot) => zonePart(slot, sources[0].kernel, words.zoneOfNode),
    operation: (entry) => sources[0].first + entry + 1,
  };
  const sentence = table[difference.kind] as (difference: Difference, sides: Sides) => Part[];
  const parts = sentence(difference, sides);
  return isFork(sources) ? capital(parts) : parts;
}

/** Troubles of frames are counted in frames, the others one by one. */
const OF_FRAMES = new Set<string>(['two-lists', 'below-zero', 'lost', 'two-owners', 'free-yet-owned']);

/** How many there are of each kind. */
export function tally(troubles: readonly Trouble[]): [TroubleName, number][] {
  const out = new Map<TroubleName, number>();
  for (const { kind, count } of troubles) out.set(kind, (out.get(kind) ?? 0) + (OF_FRAMES.has(kind) ? count : 1));
  return [...out];
}

/** The call that a run's line makes, in C. */
export function callOf(line: string): string {
  return statement(JSON.parse(line) as Record<string, unknown>).text.replace(/;$/, '');
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
