import type { Translated } from './parts.ts';

/** What the page's own controls say, in English. The Russian table must have the same keys. */
export const ui = {};

export type UiWords = Translated<typeof ui>;
