import type { en } from './en.ts';
import type { Translated } from './parts.ts';

export type { Part } from './parts.ts';
export { plain } from './parts.ts';
export { describeAlone, describeOperation, describeTrouble, type Told } from './sentences.ts';

export type Words = Translated<typeof en>;
export type Language = 'en' | 'ru';

/** Sentences about operations are fetched when there is an operation to tell of, in the language that is chosen. */
export async function loadWords(language: Language): Promise<Words> {
  return language === 'ru' ? (await import('./ru.ts')).ru : (await import('./en.ts')).en;
}
