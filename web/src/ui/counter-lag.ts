/** A zone's counter of free pages against what its lists hold: CPUs keep differences to themselves. */
import type { ZoneView } from '../protocol.ts';
import type { panels, Waiting } from '../words/panels.en.ts';

export interface Lag {
  /** As the zone's counter says. */
  counter: number;
  /** Frames on the free lists; null where one does not hang together. */
  held: number | null;
  waiting: Waiting[];
  threshold: number;
}

export function lagOf({ free_pages, lists, pcp }: Pick<ZoneView, 'free_pages' | 'lists' | 'pcp'>): Lag {
  const isWhole = lists.every(({ end }) => end === 'whole');
  return {
    counter: free_pages,
    held: isWhole ? lists.reduce((sum, { length, order }) => sum + length * 2 ** order, 0) : null,
    waiting: pcp.flatMap(({ cpu, vm_stat_diff }) => (vm_stat_diff === 0 ? [] : [{ cpu, frames: vm_stat_diff }])),
    threshold: Math.max(0, ...pcp.map(({ stat_threshold }) => stat_threshold)),
  };
}

/** How far the counter is from the lists, in a sentence. `isInside`: at a step inside an operation. */
export function tellLag(
  { counter, held, waiting, threshold }: Lag,
  { cpus }: Pick<typeof panels, 'cpus'>,
  isInside: boolean,
): string {
  const counted = waiting.reduce((sum, { frames }) => sum + frames, counter);
  if (held === null) return cpus.torn;
  if (counted !== held) return isInside ? cpus.underWay : cpus.wrong(counted, held);
  if (waiting.length === 0) return cpus.exact(counter);
  return counter === held ? cpus.even(counter, waiting) : cpus.lags(counter, held, waiting, threshold);
}
