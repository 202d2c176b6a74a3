/** The sentence and the call of a place. Before anything has happened that is one text; all else is fetched when it is needed. */
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
export const hasHappened = (view: View): boolean => view.eventsEntry >= 0 && view.events.length > 0;

/** The sentence of a place; empty while the teller is on its way. */
export function sentenceOf({ ui }: UiTexts, teller: Teller | null, source: SourceInfo, view: View): Part[] {
  if (hasHappened(view)) return teller?.headline(source, view) ?? [];
  if (source.first > 0) return [{ text: ui.startLate(source.first) }];
  const { beginning, frames, kind } = source;
  if (beginning) return [{ text: [ui.startState(frames), ...beginning.map((what) => ui.chosen[what])].join(' ') }];
  return [{ text: (kind === 'trace' ? ui.startTrace : ui.start)(frames) }];
}
