/** The sentence and the call of a place. Before anything has happened that is one text; all else is fetched when it is needed. */
import type { Chosen } from '../core/runfile-state.ts';
import type { SourceInfo, View } from '../protocol.ts';
import { loadWords, type Part } from '../words/index.ts';
import type { CodeLine } from './code-line.ts';
import type { Texts, UiTexts } from './element.ts';

/** The page's words, whole, and who makes sentences of them. */
export interface Teller extends Texts {
  headline(source: SourceInfo, view: View): Part[];
  code(source: SourceInfo, view: View): CodeLine | null;
}

export async function loadTeller(texts: UiTexts): Promise<Teller> {
  const [words, { headline, codeLine }] = await Promise.all([loadWords(texts.lang), import('./telling.ts')]);
  return {
    ...texts,
    words,
    headline: (source, view) => headline(words, source, view),
    code: (source, view) => codeLine(view, source.kernel),
  };
}

/** There is an operation to tell of. */
const hasHappened = (view: View): boolean => view.eventsEntry >= 0 && view.events.length > 0;

/** There is more to tell than the page's own words can. */
export const needsTeller = ({ beginning }: SourceInfo, view: View): boolean =>
  hasHappened(view) || beginning !== undefined;

const startOf = ({ words }: Teller, frames: number, beginning: readonly Chosen[]): string => {
  const { begins, chosen } = words.panels.state;
  return [begins(frames), ...beginning.map((what) => chosen[what])].join(' ');
};

/** The sentence of a place; empty while the teller is on its way. */
export function sentenceOf({ ui }: UiTexts, teller: Teller | null, source: SourceInfo, view: View): Part[] {
  if (hasHappened(view)) return teller?.headline(source, view) ?? [];
  if (source.first > 0) return [{ text: ui.startLate(source.first) }];
  const { beginning, frames, kind } = source;
  if (beginning) return teller ? [{ text: startOf(teller, frames, beginning) }] : [];
  return [{ text: (kind === 'trace' ? ui.startTrace : ui.start)(frames) }];
}
