/** Words about pageblocks come with what shows them. */
import type { PageblockRun } from '../protocol.ts';
import type { Language } from './index.ts';
import { pageblocks as en, type PageblockWords } from './pageblocks.en.ts';
import { pageblocks as ru } from './pageblocks.ru.ts';

export const pageblockWords = (lang: Language): PageblockWords => (lang === 'ru' ? ru : en);

/** What a pageblock is, and of which other types it has frames. */
export function pageblockText(lang: Language, names: readonly string[], block: PageblockRun): string {
  const others = names.filter((_, type) => type !== block.type && ((block.listed | block.asked) & (1 << type)) !== 0);
  return pageblockWords(lang).is(names[block.type] ?? '', block.mixed ? others.join(', ') : '');
}
