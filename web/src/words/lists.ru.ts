import type { List } from './facts.ts';
import { type Part, p } from './parts.ts';
import { typeName } from './types.ru.ts';

export type Case = 'nominative' | 'genitive' | 'accusative' | 'prepositional';
/** Список, горячий список, холодный список: в падежах, которые нужны. */
const FORMS: Record<Case, { list: string; hot: string; cold: string }> = {
  nominative: { list: 'список', hot: 'горячий', cold: 'холодный' },
  genitive: { list: 'списка', hot: 'горячего', cold: 'холодного' },
  accusative: { list: 'список', hot: 'горячий', cold: 'холодный' },
  prepositional: { list: 'списке', hot: 'горячем', cold: 'холодном' },
};

/** «список порядка 3 зоны DMA», «горячего списка процессора 1 в зоне DMA», «списке порядка 3 (перемещаемые) зоны DMA». */
export function listName({ zone, order, type, cpu, cold }: List, as: Case): Part[] {
  const { list, ...kinds } = FORMS[as];
  if (type !== null) {
    const name = `${list} порядка ${order} (${typeName(type)})`;
    return cpu === null ? p`${name} зоны ${zone}` : p`${name} процессора ${cpu} в зоне ${zone}`;
  }
  return cpu === null
    ? p`${list} порядка ${order} зоны ${zone}`
    : p`${kinds[cold ? 'cold' : 'hot']} ${list} процессора ${cpu} в зоне ${zone}`;
}
