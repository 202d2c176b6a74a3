import type { List } from './facts.ts';
import { type Part, p } from './parts.ts';

/** "the order 3 list of zone DMA", "the hot list of CPU 1 in zone DMA", "the order 3 list (Movable) of CPU 1 in zone DMA". */
export function listName({ zone, order, cpu, cold, types }: List): Part[] {
  if (types) return p`the order ${order} list (${types}) of ${cpu === null ? '' : `CPU ${cpu} in `}zone ${zone}`;
  return cpu === null
    ? p`the order ${order} list of zone ${zone}`
    : p`the ${cold ? 'cold' : 'hot'} list of CPU ${cpu} in zone ${zone}`;
}
