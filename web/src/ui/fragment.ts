/**
 * The page's state in the URL's fragment: `#run=NAME&kernel=NAME&compare=NAME&compare=NAME&side=2&step=12.3&lang=ru&theme=dark`, `#data=` with a run
 * of the user's own, or `#live=` / `#live=URL`.
 */

import { BEFORE, parseBeside } from '../core/beside.ts';
import { KERNELS, STATES } from '../generated/tables.ts';
import { ALL_STATES } from '../map/painter.ts';
import { MOST_SIDES, ONLY_MIXED, type Place, type SideNumber } from '../protocol.ts';
import { isMachine } from './machine.ts';
import type { MapLook } from './map-view.ts';
import { PANEL_NAMES, type PanelName } from './panels.ts';
import { moved, START, samePlace } from './place.ts';
import { type Loop, PAUSED, SPEEDS } from './player.ts';

export interface PageState {
  /** A run or trace that ships with the page, by name; null: one of the user's own. */
  run: string | null;
  /** A run of the user's own, whole (packed-run.ts); null: none, or none that fits into a link. */
  packed: string | null;
  /** A future that is kept for it, what happened before a fork (packed-run.ts); null: none that is to be seen. */
  kept: string | null;
  /** A chosen machine (machine.ts), on which the run's operations are made; null: the run's own. */
  machine: string | null;
  /** A chosen kernel; null: the run's own. */
  kernel: string | null;
  /** What the run is compared with (core/beside.ts). */
  compare: readonly string[];
  /** The side whose panels are shown. */
  side: SideNumber;
  /** null: no room; '': this server's; else its address. */
  live: string | null;
  place: Place;
  /** The range that is played again and again; null: none. */
  loop: Loop | null;
  /** Operations a second. */
  speed: number;
  lang: 'en' | 'ru';
  /** null: as the system has it. */
  theme: 'light' | 'dark' | null;
  /** How the map is looked at. */
  look: MapLook;
  /** Panels that are open; null: those that are without being asked. */
  panels: readonly PanelName[] | null;
  /** Of call box and code, those that are open. */
  desk: readonly DeskPanel[];
  /** Whether the chart is shown; null: where there is room. */
  chart: boolean | null;
  /** The frame that is looked at; null: none. */
  frame: number | null;
  /** Letters and signs are keys. */
  characters: boolean;
}

export const DESK = ['call', 'code'] as const;
export type DeskPanel = (typeof DESK)[number];

export const EXAMPLE = 'boot-and-eight-pages' as const;
export const SAMPLE = 'boot-idle' as const;

/** CSS pixels a frame that a link may ask for. */
const MOST_ZOOM = 1000;

const MIXED = 'mixed';

/** `allocated,lost` */
function parseStates(text: string | null): number {
  const names = text?.split(',') ?? [];
  return STATES.reduce((bits, name, state) => bits | (names.includes(name) ? 1 << state : 0), 0) || ALL_STATES;
}

/** `off`, `0,2`: of these migratetypes, `mixed` */
function parsePageblocks(text: string | null): number | null {
  if (text === 'off') return null;
  const bitOf = (part: string): number => (part === MIXED ? ONLY_MIXED : /^[0-7]$/.test(part) ? 1 << Number(part) : 0);
  return (text?.split(',') ?? []).reduce((bits, part) => bits | bitOf(part), 0);
}

function formatPageblocks(asked: number): string {
  const types = [...Array(Math.log2(ONLY_MIXED)).keys()].filter((type) => asked & (1 << type));
  return [...types, ...(asked & ONLY_MIXED ? [MIXED] : [])].join(',');
}

/** `map=quilt&zoom=12&at=1f3&states=lost&pageblocks=off` */
function parseLook(params: URLSearchParams): MapLook {
  const look = {
    layout: params.get('map') === 'quilt' ? 'quilt' : 'rows',
    zoom: null,
    centre: null,
    states: parseStates(params.get('states')),
    pageblocks: parsePageblocks(params.get('pageblocks')),
  } satisfies MapLook;
  const zoom = /^\d{1,3}(\.\d{1,4})?$/.test(params.get('zoom') ?? '') ? Number(params.get('zoom')) : 0;
  const at = params.get('at') ?? '';
  if (!(zoom > 0 && zoom <= MOST_ZOOM) || !/^[0-9a-f]{1,7}$/.test(at)) return look;
  return { ...look, zoom, centre: Number.parseInt(at, 16) };
}

function formatLook({ layout, zoom, centre, states, pageblocks }: MapLook): string[] {
  const parts = layout === 'rows' ? [] : [`map=${layout}`];
  if (zoom !== null && centre !== null) parts.push(`zoom=${Number(zoom.toPrecision(4))}`, `at=${centre.toString(16)}`);
  if (states !== ALL_STATES) parts.push(`states=${STATES.filter((_, state) => states & (1 << state)).join(',')}`);
  if (pageblocks !== 0) parts.push(`pageblocks=${pageblocks === null ? 'off' : formatPageblocks(pageblocks)}`);
  return parts;
}

const STEP = /^\d{1,9}(\.\d{1,9}){0,3}$/;
const isKernel = (text: string | null): boolean => KERNELS.some(({ name }) => name === text);

/** `12`, `12.3`: three inner steps of operation 13, `12.3.5`: and five on the first side compared with. */
function placeOf(step: string): Place {
  const [entry = 0, inner = 0, ...others] = step.split('.').map(Number);
  return { entry, inner, ...(others.length > 0 ? { others } : {}) };
}

const stepOf = (place: Place): string => {
  const others = moved(place);
  const isInside = place.inner > 0 || others.length > 0;
  return [place.entry, ...(isInside ? [place.inner] : []), ...others].join('.');
};

/** Texts of what stands beside the run, each once. In links a `+` comes as a space. */
function parseCompare(texts: readonly string[], kept: string | null): readonly string[] {
  const known = texts
    .map((text) => text.replaceAll(' ', '+'))
    .filter((text) => (text === BEFORE ? kept !== null : parseBeside(text)));
  return [...new Set(known)].slice(0, MOST_SIDES - 1);
}

/** `side=2`: the first of the sides beside the run. */
function parseSide(text: string | null, compare: readonly string[]): SideNumber {
  const side = /^[2-9]$/.test(text ?? '') ? Number(text) - 1 : 0;
  return (side <= compare.length ? side : 0) as SideNumber;
}

/** `earlier=8.1.…` or `newer=`: packed-run.ts reads it. */
function parseKept(params: URLSearchParams): string | null {
  const name = ['earlier', 'newer'].find((one) => /^\d{1,9}\./.test(params.get(one) ?? ''));
  return name === undefined ? null : `${name}=${params.get(name)}`;
}

/** `loop=3-9` */
function parseLoop(text: string | null): Loop | null {
  const [, from, to] = /^(\d{1,9})-(\d{1,9})$/.exec(text ?? '') ?? [];
  const loop = { from: Number(from), to: Number(to) };
  return loop.from < loop.to ? loop : null;
}

function parseSpeed(text: string | null): number {
  return SPEEDS.find((speed) => String(speed) === text) ?? PAUSED.speed;
}

/** `panels=steps,lists`, `panels=` where all are closed. */
function parsePanels(text: string | null): readonly PanelName[] | null {
  if (text === null) return null;
  const names = text.split(',');
  return PANEL_NAMES.filter((name) => names.includes(name));
}

const CHART: Readonly<Record<string, boolean>> = { on: true, off: false };

/** Unknown keys and values that make no sense are left out; names cannot leave the page's folders. */
export function parseFragment(hash: string, preferred: 'en' | 'ru' = 'en'): PageState {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const run = params.get('run');
  const step = params.get('step') ?? '';
  const machine = params.get('machine')?.replaceAll(' ', '+') ?? null;
  const kernel = params.get('kernel');
  const kept = parseKept(params);
  const compare = parseCompare(params.getAll('compare'), kept);
  const lang = params.get('lang');
  const theme = params.get('theme');
  const packed = params.get('data');
  const frame = params.get('frame') ?? '';
  return {
    run: packed !== null ? null : run && /^[a-z0-9-]+$/.test(run) ? run : EXAMPLE,
    packed,
    kept,
    machine: machine !== null && isMachine(machine) ? machine : null,
    kernel: isKernel(kernel) ? kernel : null,
    compare,
    side: parseSide(params.get('side'), compare),
    live: params.get('live'),
    place: STEP.test(step) ? placeOf(step) : START,
    loop: parseLoop(params.get('loop')),
    speed: parseSpeed(params.get('speed')),
    lang: lang === 'en' || lang === 'ru' ? lang : preferred,
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    look: parseLook(params),
    panels: parsePanels(params.get('panels')),
    desk: DESK.filter((panel) => params.get('show')?.split(',').includes(panel)),
    chart: CHART[params.get('chart') ?? ''] ?? null,
    frame: /^[0-9a-f]{1,7}$/.test(frame) ? Number.parseInt(frame, 16) : null,
    characters: params.get('keys') !== 'few',
  };
}

/**
 * Short where nothing differs from a first visit of somebody who prefers this language; null: nobody knows what the reader prefers. A
 * room has no step: whoever follows stands at its end.
 */
export function formatFragment(state: PageState, preferred: 'en' | 'ru' | null = 'en'): string {
  const parts: string[] = [];
  if (state.live !== null)
    parts.push(`live=${encodeURIComponent(state.live).replace(/%3A/g, ':').replace(/%2F/g, '/')}`);
  else if (state.run !== null || state.packed !== null) {
    if (state.packed !== null) parts.push(`data=${state.packed}`);
    else if (state.run !== EXAMPLE) parts.push(`run=${state.run}`);
    if (state.kept !== null) parts.push(state.kept);
    if (state.machine !== null) parts.push(`machine=${state.machine}`);
    if (state.kernel !== null) parts.push(`kernel=${state.kernel}`);
    parts.push(...state.compare.map((text) => `compare=${text}`));
    if (state.side > 0 && state.side <= state.compare.length) parts.push(`side=${state.side + 1}`);
    if (!samePlace(state.place, START)) parts.push(`step=${stepOf(state.place)}`);
    if (state.loop) parts.push(`loop=${state.loop.from}-${state.loop.to}`);
    if (state.speed !== PAUSED.speed) parts.push(`speed=${state.speed}`);
  }
  parts.push(...formatLook(state.look));
  if (state.frame !== null) parts.push(`frame=${state.frame.toString(16)}`);
  if (state.panels !== null) parts.push(`panels=${state.panels.join(',')}`);
  if (state.chart !== null) parts.push(`chart=${state.chart ? 'on' : 'off'}`);
  if (state.desk.length > 0) parts.push(`show=${state.desk.join(',')}`);
  if (!state.characters) parts.push('keys=few');
  if (state.lang !== preferred) parts.push(`lang=${state.lang}`);
  if (state.theme) parts.push(`theme=${state.theme}`);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

/** The WebSocket address of a room. */
export function liveUrl(live: string, page: string): string {
  if (live !== '') return live;
  const url = new URL('live', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.search = '';
  return url.href;
}
