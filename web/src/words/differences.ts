/**
 * A sentence for each difference between two sides. The language tables (differences.en.ts, differences.ru.ts) hold the words; they
 * are fetched when something is compared.
 */
import type { Difference } from '../core/compare.ts';
import type { TroubleName } from '../generated/tables.ts';
import type { SourceInfo, Trouble } from '../protocol.ts';
import { statement } from '../ui/c-code.ts';
import { zonePart } from './facts.ts';
import type { Words } from './index.ts';
import { capital, type Part } from './parts.ts';
import { type DifferenceTable, namesOf, type Sides } from './sides.ts';

/** `other`: the side that differs from the first. */
export function describeDifference(
  table: DifferenceTable,
  words: Words,
  difference: Difference,
  sources: readonly SourceInfo[],
  other = 1,
): Part[] {
  const [here] = sources;
  const names = namesOf(sources, words);
  const sides: Sides = {
    names: [names[0] ?? '', names[other] ?? ''],
    zone: (slot) => zonePart(slot, here?.kernel ?? null, words.zoneOfNode),
    operation: (entry) => (here?.first ?? 0) + entry + 1,
  };
  const sentence = table[difference.kind] as (difference: Difference, sides: Sides) => Part[];
  const parts = sentence(difference, sides);
  return sources[other]?.isBefore ? capital(parts) : parts;
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
