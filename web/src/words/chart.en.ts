import type { Translated } from './parts.ts';
import { digits, many } from './ui.en.ts';

/** What the chart of free memory says, in English. The Russian table must have the same keys. */
export const chart = {
  zone: 'Zone',
  allZones: 'all zones',
  order: 'Order',
  index: (value: number) => (value < 0 ? '\u22121' : value.toFixed(3)),
  free: (pages: number) => many(pages, 'page free', 'pages free'),
  onCpus: (pages: number) => `${digits(pages)} on CPUs\u2019 lists`,
  unusable: (index: string) => `unusable ${index}`,
  unusableTitle:
    'Unusable free space index: the share of free pages that lie in blocks too small for this order. 0: none of them; 1: all.',
  external: (index: string) => `external fragmentation ${index}`,
  externalTitle:
    'External fragmentation index: why a request of this order fails. Towards 0 too little is free; towards 1 enough is free, in pieces; \u22121: it does not fail.',
  doesNotFail: '(it does not fail)',
  blocks: (order: number, count: number) => `order ${order}: ${many(count, 'block', 'blocks')}`,
  says: (operation: number, free: string) => `Free memory over time. After operation ${digits(operation)}: ${free}.`,
  saysOrder: (order: number, indices: string) => `For a request of order ${order}: ${indices}.`,
  noZones: 'No zone has been set up.',
  noLists: 'A trace does not show the free lists: no blocks by order, no fragmentation.',
};

export type ChartWords = Translated<typeof chart>;
