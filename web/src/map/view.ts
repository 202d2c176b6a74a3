/** How a canvas is divided: the cells between two gutters, and the small picture of everything in a corner. */
import type { Camera, Viewport } from './camera.ts';
import type { LayoutName, Plan, Room } from './plan.ts';

/** In CSS pixels; `ratio` is device pixels a CSS pixel. */
export interface Space {
  width: number;
  height: number;
  ratio: number;
}

export const NO_SPACE: Space = { width: 0, height: 0, ratio: 1 };

/** CSS pixels beside the cells: left for frame numbers, right (rows only) for zone names. */
const GUTTER_LEFT = 52;
const GUTTER_RIGHT = 64;
const GUTTER_END = 4;
/** Above each region where there are several. */
export const HEAD_HEIGHT = 26;
/** A cell where everything is shown is not larger; larger than AMPLE is no reason for shorter rows. */
const MAX_CELL = 40;
const AMPLE_CELL = 28;
/** As near as one can come: a frame's `struct page` can be read. */
export const NEAREST = 176;
const OVERVIEW = 148;
const OVERVIEW_GAP = 8;

export const px = (space: Space, css: number): number => Math.max(1, Math.round(css * space.ratio));

export function viewport(space: Space, layout: LayoutName): Viewport {
  const left = Math.round(GUTTER_LEFT * space.ratio);
  const right = Math.round((layout === 'rows' ? GUTTER_RIGHT : GUTTER_END) * space.ratio);
  const width = Math.max(8, Math.floor(space.width * space.ratio) - left - right);
  return { left, top: 0, width, height: Math.max(8, Math.floor(space.height * space.ratio)) };
}

/** The room that a plan is made for. */
export function roomIn(space: Space, layout: LayoutName): Room {
  const { width, height } = viewport(space, layout);
  return {
    width,
    height: height - 2,
    head: Math.round(HEAD_HEIGHT * space.ratio),
    most: Math.round(MAX_CELL * space.ratio),
    ample: AMPLE_CELL * space.ratio,
  };
}

/** Where the small picture of everything stands: the right lower corner. */
export function overviewPlace(plan: Plan, space: Space, layout: LayoutName): Viewport {
  const view = viewport(space, layout);
  const most = Math.min(OVERVIEW * space.ratio, view.width / 3, view.height / 2.2);
  const scale = Math.min(most / plan.width, most / plan.height);
  const width = Math.max(4, Math.round(plan.width * scale));
  const height = Math.max(4, Math.round(plan.height * scale));
  const gap = Math.round(OVERVIEW_GAP * space.ratio);
  return { left: view.left + view.width - width - gap, top: view.top + view.height - height - gap, width, height };
}

/** The camera of that picture. */
export const overviewCamera = (plan: Plan, place: Viewport): Camera => ({
  x: 0,
  y: 0,
  scale: Math.min(place.width / plan.width, place.height / plan.height),
});

/** How far one may go past the right and lower edge, so that nothing stays hidden under the small picture. */
export const overviewMargin = (place: Viewport, space: Space): number =>
  Math.max(place.width, place.height) + 2 * Math.round(OVERVIEW_GAP * space.ratio);
