/** The call box's words come when it is opened. */
import type { CallWords } from './calls.en.ts';
import type { Language } from './index.ts';

export type { CallWords };

export async function loadCalls(lang: Language): Promise<CallWords> {
  return lang === 'ru' ? (await import('./calls.ru.ts')).calls : (await import('./calls.en.ts')).calls;
}
