/** What is told of a place once something has happened; fetched with the sentences (teller.ts). */
import type { SourceInfo, View } from '../protocol.ts';
import { describeOperation, type Part, type Words } from '../words/index.ts';

export { codeLine } from './code-line.ts';

/** The sentence of the place shown: what the operation did, or the inner step where we are inside one. */
export function headline(words: Words, source: SourceInfo, view: View): Part[] {
  if (view.lacking) return words.lacking(view.lacking, source.kernel?.name ?? '');
  const { headline } = describeOperation(words, view.events, source.kernel, view.operation, view.newTroubles);
  return view.passedOver ? [...headline, ...words.passedOver(view.passedOver, source.kernel?.name ?? '')] : headline;
}
