import type { FragmentationWords } from './fragmentation.en.ts';
import { digits } from './ui.en.ts';
import { many } from './ui.ru.ts';

const list = (names: readonly string[]): string =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} и ${names.at(-1)}` : (names[0] ?? '');

/** What the chart of several sides' fragmentation says, in Russian. */
export const fragmentation: FragmentationWords = {
  order: 'Порядок',
  unusable: 'Непригодная свободная память',
  unusableTitle:
    'Индекс непригодной свободной памяти (unusable free space index): доля свободных страниц в блоках, слишком малых для этого порядка. 0 — таких нет, 1 — такие все.',
  mixed: 'Смешанные блоки',
  mixedTitle:
    'Блоки по 512 кадров, где кадры, выданные вызову без __GFP_MOVABLE, лежат среди свободных или перемещаемых.',
  index: (value) => value.toFixed(2).replace('.', ','),
  later: 'График появится, когда прогон будет сравнён целиком.',
  says: (operation, order, sides) =>
    `Фрагментация во времени. После операции ${digits(operation)}, для запроса порядка ${order}: ${sides.join('; ')}.`,
  side: (name, unusable, mixed) =>
    `${name}: непригодная доля свободных страниц ${unusable}, ${mixed === null ? 'смешанные блоки не подсчитаны' : many(mixed, 'смешанный блок', 'смешанных блока', 'смешанных блоков')}`,
  whyTitle: 'Почему они различаются',
  why: (order, frames) =>
    `Запросу порядка ${order} нужно ${many(frames, 'свободный кадр', 'свободных кадра', 'свободных кадров')} подряд: одна оставшаяся среди них страница портит весь блок. Блок из 512 кадров смешанный, если часть его занята вызовом без __GFP_MOVABLE, а остальное свободно или перемещаемо.`,
  whyTypes: (apart, together) =>
    `${list(apart)} ${apart.length > 1 ? 'собирают' : 'собирает'} такие страницы в отдельных блоках (pageblocks); ${list(together)} ${together.length > 1 ? 'кладут' : 'кладёт'} их туда, где нашёлся свободный блок.`,
};
