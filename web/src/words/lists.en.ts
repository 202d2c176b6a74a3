import type { List } from './facts.ts';
import { type Part, p } from './parts.ts';
import { typeName } from './types.en.ts';

/** "the order 3 list of zone DMA", "the hot list of CPU 1 in zone DMA", "the order 3 Movable list of zone DMA" or "of CPU 1 in zone DMA". */
export function listName({ zone, order, type, cpu, cold }: List): Part[] {
  if (type !== null) {
    const name = `the order ${order} ${typeName(type)} list`;
    return cpu === null ? p`${name} of zone ${zone}` : p`${name} of CPU ${cpu} in zone ${zone}`;
  }
  return cpu === null
    ? p`the order ${order} list of zone ${zone}`
    : p`the ${cold ? 'cold' : 'hot'} list of CPU ${cpu} in zone ${zone}`;
}
