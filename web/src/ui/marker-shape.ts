/** The shapes of markers, ten units wide around their middle: a kind is told by its shape, colour or none. */
import { html, svg, type TemplateResult } from 'lit';
import type { MarkerKind } from './markers.ts';

const PATHS: Readonly<Record<MarkerKind, string>> = {
  bug: 'M-5-3.4-3.4-5 0-1.6 3.4-5 5-3.4 1.6 0 5 3.4 3.4 5 0 1.6-3.4 5-5 3.4-1.6 0z',
  misuse: 'M0-5.5 5 0 0 5.5-5 0z',
  failed: 'M-5-4.2H5L0 4.8z',
};

/** Filled with the context's colour. */
export function drawMarker(context: CanvasRenderingContext2D, kind: MarkerKind, x: number, y: number): void {
  context.translate(x, y);
  context.fill(new Path2D(PATHS[kind]));
  context.translate(-x, -y);
}

export function markerIcon(kind: MarkerKind): TemplateResult {
  return html`<svg class=${kind} width="12" height="12" viewBox="-6 -6 12 12" fill="currentColor" aria-hidden="true">${svg`<path d=${PATHS[kind]} />`}</svg>`;
}
