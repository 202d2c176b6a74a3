/**
 * The keys of the whole page, once: what each does. What an action is called stands in the words (keys.en.ts). Elements that
 * take keys themselves while they have the focus (the map, the strips of time) say so in their own descriptions.
 */
import type { KeyWords } from '../words/keys.en.ts';

export const KEYS = [
  { keys: ['ArrowRight', 'l'], action: 'step' },
  { keys: ['ArrowLeft', 'h'], action: 'back' },
  { keys: ['ArrowDown', 'j'], action: 'into' },
  { keys: ['ArrowUp', 'k'], action: 'out' },
  { keys: ['o'], action: 'over' },
  { keys: [' '], action: 'play' },
  { keys: ['Home'], action: 'first' },
  { keys: ['End'], action: 'last' },
  { keys: ['g'], action: 'jump' },
  { keys: ['n'], action: 'next-mark' },
  { keys: ['p'], action: 'previous-mark' },
  { keys: ['['], action: 'loop-from' },
  { keys: [']'], action: 'loop-to' },
  { keys: ['\\'], action: 'loop-off' },
  { keys: [','], action: 'slower' },
  { keys: ['.'], action: 'faster' },
  { keys: ['f'], action: 'chart' },
  { keys: ['x'], action: 'side' },
  { keys: ['c'], action: 'call' },
  { keys: ['v'], action: 'code' },
  { keys: ['?'], action: 'keys' },
  { keys: ['Escape'], action: 'let-go' },
] as const satisfies readonly { keys: readonly string[]; action: string }[];

export type Action = (typeof KEYS)[number]['action'];

const BY_KEY: ReadonlyMap<string, Action> = new Map(
  KEYS.flatMap(({ keys, action }) => keys.map((key): [string, Action] => [key, action])),
);

/** A letter or a sign: who speaks to their machine types them unawares, so they can be switched off (WCAG 2.1.4). */
const isCharacter = (key: string): boolean => key.length === 1 && key !== ' ';

/** What the key on this place of a keyboard types in Latin: so that shortcuts are where they are with any alphabet. */
function latin(code: string): string {
  const signs: Readonly<Record<string, string>> = {
    BracketLeft: '[',
    BracketRight: ']',
    Backslash: '\\',
    Comma: ',',
    Period: '.',
  };
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : (signs[code] ?? '');
}

/** What a key means; null: nothing. `characters` false: letters and signs mean nothing. */
export function actionOf(event: Pick<KeyboardEvent, 'key' | 'code'>, characters = true): Action | null {
  if (isCharacter(event.key) && !characters) return null;
  const isForeign = isCharacter(event.key) && event.key > '\x7f';
  return BY_KEY.get(event.key) ?? (isForeign ? BY_KEY.get(latin(event.code)) : undefined) ?? null;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
};

/** Keys and what they do, for people. `characters` false: letters and signs are off. */
export function keyList(
  words: KeyWords,
  characters = true,
): { keys: { name: string; isOn: boolean }[]; what: string }[] {
  return KEYS.map(({ keys, action }) => ({
    keys: keys.map((key) => ({
      name: key === ' ' ? words.space : (NAMES[key] ?? key),
      isOn: characters || !isCharacter(key),
    })),
    what: words.keyActions[action],
  }));
}
