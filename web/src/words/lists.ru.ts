import type { List } from './facts.ts';
import { type Part, p } from './parts.ts';

export type Case = 'nominative' | 'genitive' | 'accusative' | 'prepositional';
/** Список, горячий список, холодный список: в падежах, которые нужны. */
const FORMS: Record<Case, { list: string; hot: string; cold: string }> = {
  nominative: { list: 'список', hot: 'горячий', cold: 'холодный' },
  genitive: { list: 'списка', hot: 'горячего', cold: 'холодного' },
  accusative: { list: 'список', hot: 'горячий', cold: 'холодный' },
  prepositional: { list: 'списке', hot: 'горячем', cold: 'холодном' },
};

/** «список порядка 3 зоны DMA», «горячего списка процессора 1 в зоне DMA», «списка порядка 3 (Movable) процессора 1 в зоне DMA». */
export function listName({ zone, order, cpu, cold, types }: List, as: Case): Part[] {
  const { list, ...kinds } = FORMS[as];
  if (types)
    return p`${list} порядка ${order} (${types}) ${cpu === null ? 'зоны' : `процессора ${cpu} в зоне`} ${zone}`;
  return cpu === null
    ? p`${list} порядка ${order} зоны ${zone}`
    : p`${kinds[cold ? 'cold' : 'hot']} ${list} процессора ${cpu} в зоне ${zone}`;
}
