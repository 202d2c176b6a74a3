import type { ChartWords } from './chart.en.ts';
import { digits } from './ui.en.ts';
import { many } from './ui.ru.ts';

/** What the chart of free memory says, in Russian. */
export const chart: ChartWords = {
  zone: 'Зона',
  allZones: 'все зоны',
  order: 'Порядок',
  index: (value) => (value < 0 ? '\u22121' : value.toFixed(3).replace('.', ',')),
  free: (pages) => many(pages, 'страница свободна', 'страницы свободны', 'страниц свободно'),
  onCpus: (pages) => `${digits(pages)} в списках процессоров`,
  unusable: (index) => `непригодно ${index}`,
  unusableTitle:
    'Индекс непригодной свободной памяти (unusable free space index): доля свободных страниц в блоках, слишком малых для этого порядка. 0 — таких нет, 1 — такие все.',
  external: (index) => `внешняя фрагментация ${index}`,
  externalTitle:
    'Индекс внешней фрагментации (external fragmentation index): отчего не удаётся запрос этого порядка. Ближе к 0 — свободно слишком мало; ближе к 1 — свободно достаточно, но по частям; \u22121 — запрос удаётся.',
  doesNotFail: '(запрос удаётся)',
  blocks: (order, count) => `порядок ${order}: ${many(count, 'блок', 'блока', 'блоков')}`,
  says: (operation, free) => `Свободная память во времени. После операции ${digits(operation)}: ${free}.`,
  saysOrder: (order, indices) => `Для запроса порядка ${order}: ${indices}.`,
  noZones: 'Зон ещё нет.',
  noLists: 'Свободных списков трасса не показывает: ни блоков по порядкам, ни фрагментации.',
};
