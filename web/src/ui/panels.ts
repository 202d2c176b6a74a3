/**
 * The panels about one place of one source, in the order in which they stand. A panel's element is fetched when the panel is open and
 * has something to show; until then a text stands in its place.
 */
import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { SourceInfo, View } from '../protocol.ts';
import type { UiWords } from '../words/ui.en.ts';
import type { UiTexts } from './element.ts';
import type { Inspection } from './session.ts';
import type { Teller } from './teller.ts';

/** What the panels are about. */
export interface Seen {
  source: SourceInfo;
  view: View;
  inspection: Inspection | null;
}

export interface Panel {
  name: PanelName;
  title(ui: UiWords): string;
  /** Whether a source has a use for it at all; without this every source has. */
  isFor?(source: SourceInfo): boolean;
  /** What is said while there is nothing to show; null: the element is needed. */
  hint(ui: UiWords, seen: Seen): string | null;
  load(): Promise<unknown>;
  show(texts: Teller, seen: Seen): unknown;
}

export const PANEL_NAMES = [
  'steps',
  'lists',
  'closeup',
  'inspector',
  'watermarks',
  'fallback',
  'troubles',
  'console',
  'text',
] as const;
export type PanelName = (typeof PANEL_NAMES)[number];

/** Folded away until somebody asks for them, also where there is room for all the others. */
export const ON_DEMAND: ReadonlySet<PanelName> = new Set(['fallback', 'text']);

const isTrace = ({ source }: Seen): boolean => source.kind === 'trace';

const PANELS: readonly Panel[] = [
  {
    name: 'steps',
    title: (ui) => ui.steps,
    hint: (ui, { view }) => (view.events.length === 0 ? ui.noSteps : null),
    load: () => import('./steps.ts'),
    show: (texts, { source, view }) => html`<pf-steps .texts=${texts} .source=${source} .view=${view}></pf-steps>`,
  },
  {
    name: 'lists',
    title: (ui) => ui.structures,
    hint: (ui, { source, view }) =>
      source.trace || source.memblock || view.boots.length > 0 || view.zones.some(({ size }) => size > 0)
        ? null
        : source.layers.includes('structures')
          ? ui.noLists
          : ui.listsTrace,
    load: () => import('./lists-panel.ts'),
    show: (texts, { source, view }) =>
      source.trace
        ? html`<pf-numbers .texts=${texts} .source=${source}></pf-numbers>`
        : keyed(
            view.boots.length,
            html`<pf-boot-bitmap .texts=${texts} .view=${view}></pf-boot-bitmap>
              <pf-memblock .texts=${texts} .source=${source} .view=${view}></pf-memblock>
              ${
                source.memblock && view.zones.length === 0
                  ? nothing
                  : html`<pf-structures .texts=${texts} .source=${source} .view=${view}></pf-structures>`
              }`,
          ),
  },
  {
    name: 'closeup',
    title: (ui) => ui.framesOf,
    hint: (ui, { view }) => (view.close.length === 0 ? ui.noFrames : null),
    load: () => import('./closeup.ts'),
    show: (texts, { view }) => html`<pf-closeup .texts=${texts} .close=${view.close}></pf-closeup>`,
  },
  {
    name: 'inspector',
    title: (ui) => ui.frame(''),
    hint: (ui, { inspection }) => (inspection ? null : ui.pickFrame),
    load: () => import('./inspector.ts'),
    show: (texts, { source, view, inspection }) =>
      html`<pf-inspector .texts=${texts} .kernel=${source.kernel} .inspection=${inspection} .view=${view} .first=${source.first}></pf-inspector>`,
  },
  {
    name: 'watermarks',
    title: (ui) => ui.watermarks(''),
    hint: (ui, seen) => {
      if (isTrace(seen)) return ui.noStructures;
      return seen.view.zones.some(({ size }) => size > 0) ? null : ui.noWatermarks;
    },
    load: () => import('./watermarks.ts'),
    show: (texts, { source, view }) =>
      html`<pf-watermarks .texts=${texts} .source=${source} .view=${view}></pf-watermarks>`,
  },
  {
    name: 'fallback',
    title: (ui) => ui.fallback,
    isFor: ({ kernel }) => (kernel?.lenders.length ?? 0) > 0,
    hint: () => null,
    load: () => import('./fallback-view.ts'),
    show: (texts, { source, view }) =>
      html`<pf-fallback .texts=${texts} .source=${source} .view=${view}></pf-fallback>`,
  },
  {
    name: 'troubles',
    title: (ui) => ui.troubles,
    hint: (ui, seen) => (isTrace(seen) ? ui.noStructures : seen.view.troublesTotal === 0 ? ui.noTroubles : null),
    load: () => import('./troubles-view.ts'),
    show: (texts, { source, view }) =>
      html`<pf-troubles .texts=${texts} .source=${source} .view=${view}></pf-troubles>`,
  },
  {
    name: 'console',
    title: (ui) => ui.console,
    hint: (ui, seen) =>
      seen.view.console.length > 0
        ? null
        : isTrace(seen)
          ? ui.noConsole
          : seen.source.first > 0
            ? ui.quietSince
            : ui.quiet,
    load: () => import('./console-view.ts'),
    show: (texts, { source, view }) => html`<pf-console .texts=${texts} .source=${source} .view=${view}></pf-console>`,
  },
  {
    name: 'text',
    title: (ui) => ui.mapText,
    hint: () => null,
    load: () => import('./map-text.ts'),
    show: (texts, { source, view }) =>
      html`<pf-map-text .texts=${texts} .kernel=${source.kernel} .view=${view}></pf-map-text>`,
  },
];

/** The panels that a source has a use for. */
export const panelsFor = (source: SourceInfo | null): Panel[] =>
  PANELS.filter(({ isFor }) => !isFor || (source !== null && isFor(source)));

/** A panel's content: its element, or the text that stands in its place. */
export function contentOf(panel: Panel, { ui }: UiTexts, teller: Teller | null, seen: Seen): unknown {
  const hint = panel.hint(ui, seen);
  if (hint !== null) return html`<h2>${panel.title(ui)}</h2><p class="hint">${hint}</p>`;
  return teller ? panel.show(teller, seen) : nothing;
}
