/** Which frames the operation's events are about, in the order they came, each range once. */
import type { Ev } from '../protocol.ts';

export type Range = [pfn: number, count: number];

const BLOCKS = new Set(['handed_out', 'given_up', 'taken_back', 'moved', 'block_found', 'list_add', 'list_del']);
const RANGES = new Set(['frames_are', 'boot_handed_out', 'boot_bits_set', 'boot_bits_cleared']);
/** These say best what an operation was about; the others only where none of them came. */
const CHIEF = new Set(['handed_out', 'given_up', 'taken_back', 'moved', 'boot_handed_out']);

function rangeOf(event: Ev): Range | null {
  const pfn = typeof event['pfn'] === 'number' ? event['pfn'] : 0;
  if (BLOCKS.has(event.kind)) return [pfn, 2 ** Number(event['order'] ?? 0)];
  if (RANGES.has(event.kind)) return [pfn, Number(event['count'] ?? 0)];
  if (event.kind === 'boot_partial' || event.kind === 'bug' || event.kind === 'oops' || event.kind === 'free_ignored')
    return 'pfn' in event ? [pfn, 1] : null;
  return null;
}

/** The frames that an operation is chiefly about. */
export function touchedBy(events: readonly Ev[]): Range[] {
  const chief = events.filter((event) => CHIEF.has(event.kind));
  const out: Range[] = [];
  for (const event of chief.length > 0 ? chief : events) {
    const range = rangeOf(event);
    if (range && range[1] > 0 && !out.some(([pfn, count]) => pfn <= range[0] && range[0] + range[1] <= pfn + count)) out.push(range);
  }
  return out;
}
