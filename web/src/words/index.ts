import { en } from './en';
import type { Translated } from './parts';

export type { Part } from './parts';
export { frame, hex, plain, span } from './parts';
export { describeOperation, type Told } from './sentences';

export type Words = Translated<typeof en>;
export type Language = 'en' | 'ru';

/** English is there at once; Russian is fetched when it is chosen. */
export async function loadWords(language: Language): Promise<Words> {
  return language === 'ru' ? (await import('./ru')).ru : en;
}

export { en };
