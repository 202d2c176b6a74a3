import type { UiWords } from './ui.en.ts';

/** What the page's own controls say, in Russian. */
export const ui: UiWords = {};
