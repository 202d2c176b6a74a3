/** The page's colours, as the drawing in the worker needs them: read from the CSS custom properties of page.css. */
import { KERNELS, STATES } from '../generated/tables.ts';
import type { Theme } from '../protocol.ts';

const NAMES = [
  'paper',
  'ink',
  'muted',
  'line',
  'edge',
  'accent',
  'mark',
  ...STATES.flatMap((state) => [state, `${state}-line`]),
  ...new Set(KERNELS.flatMap(({ typeNames }) => typeNames.map((name) => `type-${name.toLowerCase()}`))),
];

/** `rgb(1, 2, 3)` as `#010203`. */
export function toHex(colour: string): string {
  const [r = 0, g = 0, b = 0] = (colour.match(/\d+(\.\d+)?/g) ?? []).map(Number);
  return `#${[r, g, b].map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function readTheme(): Theme {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours: Record<string, string> = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colours[name] = toHex(getComputedStyle(probe).color);
  }
  probe.remove();
  return { dark: isDark(), colours };
}
