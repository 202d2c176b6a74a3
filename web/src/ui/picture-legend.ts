/** What a saved picture's colours mean, in words: fetched with the first that is saved. */
import { STATES } from '../generated/tables.ts';
import { colourOf } from '../map/pageblocks.ts';
import type { LegendEntry } from '../map/picture.ts';
import type { SourceInfo, View } from '../protocol.ts';
import { pageblockWords } from '../words/pageblocks.ts';
import { digits } from '../words/ui.en.ts';
import type { UiTexts } from './element.ts';

const statesOf = ({ ui }: UiTexts, { counts }: View): LegendEntry[] =>
  STATES.map((name, state) => ({ name, state, count: counts[state] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ name, state, count }) => ({ state, text: `${ui.states[name]} ${digits(count)}` }));

function pageblocksOf({ lang }: UiTexts, { kernel }: SourceInfo, view: View): LegendEntry[] {
  const words = pageblockWords(lang);
  const types = (kernel?.typeNames ?? [])
    .map((name, type) => ({ name, blocks: view.pageblockTypes[type]?.blocks ?? 0 }))
    .filter(({ blocks }) => blocks > 0)
    .map(({ name, blocks }) => ({ edge: colourOf(name), text: `${name} ${digits(blocks)}` }));
  const mixed = view.mixedPageblocks;
  if (types.length === 0) return [];
  const dashed = mixed > 0 ? [{ edge: 'ink', isDashed: true, text: `${words.mixed} ${digits(mixed)}` }] : [];
  return [{ text: `${words.name}:` }, ...types, ...dashed];
}

/** Of the states there are, and of the pageblocks where they are drawn. */
export const pictureLegend = (
  texts: UiTexts,
  source: SourceInfo,
  view: View,
  hasPageblocks: boolean,
): LegendEntry[] => [...statesOf(texts, view), ...(hasPageblocks ? pageblocksOf(texts, source, view) : [])];
