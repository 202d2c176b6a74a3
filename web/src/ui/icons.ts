/** Drawn, not from a font: media symbols are missing on many systems. */
import { html, svg, type TemplateResult } from 'lit';

const PATHS = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  back: 'M11 3v10L4 8z',
  into: 'M7 2h2v7h3l-4 5-4-5h3z',
  step: 'M4 3v10l6-5zM11 3h2v10h-2z',
  play: 'M4 2v12l10-6z',
  pause: 'M3 2h4v12H3zM9 2h4v12H9z',
  over: 'M1.5 9a6.5 6.5 0 0 1 11.8-3.7L15 4v5h-5l1.9-1.9A4.5 4.5 0 0 0 3.5 9zM6 11h4v3H6z',
  up: 'M10 3v10L4 8z',
  down: 'M6 3v10l6-5z',
  from: 'M3 2h6v1.8H4.8v8.4H9V14H3zM8 5l5 3-5 3z',
  to: 'M13 2H7v1.8h4.2v8.4H7V14h6zM8 5 3 8l5 3z',
  off: 'M3.3 2 8 6.7 12.7 2 14 3.3 9.3 8l4.7 4.7-1.3 1.3L8 9.3 3.3 14 2 12.7 6.7 8 2 3.3z',
  chart: 'M1 14V2h1.5v10.5H15V14zM4 11V8l3-3 3 3 4-5v8z',
  last: 'M3 3v10l4-5zM8 3v10l4-5zM13 3h1.5v10H13z',
  share: 'M8 1l4 4-1.1 1.1L8.8 4v7H7.2V4L5.1 6.1 4 5zM2 8h3v1.5H3.5v4h9v-4H11V8h3v7H2z',
  theme: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5v11a5.5 5.5 0 0 1 0-11z',
  pick: 'M7 1h2v3.1a4 4 0 0 1 2.9 2.9H15v2h-3.1A4 4 0 0 1 9 11.9V15H7v-3.1A4 4 0 0 1 4.1 9H1V7h3.1A4 4 0 0 1 7 4.1zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  nearer: 'M7 2h2v5h5v2H9v5H7V9H2V7h5z',
  farther: 'M2 7h12v2H2z',
  whole: 'M2 2h5v1.5H3.5V7H2zM9 2h5v5h-1.5V3.5H9zM2 9h1.5v3.5H7V14H2zM12.5 9H14v5H9v-1.5h3.5z',
} as const;

export function icon(name: keyof typeof PATHS): TemplateResult {
  return html`<svg width="16" height="16" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">${svg`<path d=${PATHS[name]} />`}</svg>`;
}
