/** As much of a canvas context as the map's drawing needs, that writes SVG: what is drawn on a canvas is drawn here, too. */
import type { Context } from './labels.ts';

type Point = readonly [x: number, y: number];

interface Shape {
  fill: string;
  /** Empty: none. */
  stroke: string;
  alpha: number;
  title: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
/** Tenths of a pixel are enough. */
const short = (value: number): string => String(Math.round(value * 10) / 10);
const path = (points: readonly Point[], isClosed: boolean): string =>
  points.length === 0 ? '' : `M${points.map(([x, y]) => `${short(x)} ${short(y)}`).join('L')}${isClosed ? 'Z' : ''}`;

const ANCHORS: Readonly<Record<string, string>> = { left: 'start', center: 'middle', right: 'end' };

export class SvgContext {
  fillStyle = '#000000';
  strokeStyle = '#000000';
  lineWidth = 1;
  font = '10px sans-serif';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  lineJoin = 'miter';
  globalAlpha = 1;
  private dash: readonly number[] = [];
  private readonly out: string[] = [];
  private paths: { points: Point[]; isClosed: boolean }[] = [];
  private clips = 0;
  /** By save(): the groups opened since. */
  private readonly opened: number[] = [];

  /** To be handed to what draws on canvases. */
  get asContext(): Context {
    return this as unknown as Context;
  }

  /** All that was drawn. */
  get text(): string {
    return this.out.join('');
  }

  save(): void {
    this.opened.push(0);
  }

  restore(): void {
    this.out.push('</g>'.repeat(this.opened.pop() ?? 0));
  }

  private group(attributes: string): void {
    this.out.push(`<g ${attributes}>`);
    this.opened[this.opened.length - 1] = (this.opened.at(-1) ?? 0) + 1;
  }

  translate(x: number, y: number): void {
    this.group(`transform="translate(${short(x)} ${short(y)})"`);
  }

  clip(): void {
    const id = `c${this.clips++}`;
    this.out.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath>`);
    this.group(`clip-path="url(#${id})"`);
  }

  // ------------------------------------------------------------------ paths

  private get path(): string {
    return this.paths.map(({ points, isClosed }) => path(points, isClosed)).join('');
  }

  beginPath(): void {
    this.paths = [];
  }

  moveTo(x: number, y: number): void {
    this.paths.push({ points: [[x, y]], isClosed: false });
  }

  lineTo(x: number, y: number): void {
    this.paths.at(-1)?.points.push([x, y]);
  }

  closePath(): void {
    const last = this.paths.at(-1);
    if (last) last.isClosed = true;
  }

  rect(x: number, y: number, width: number, height: number): void {
    const points: Point[] = [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    this.paths.push({ points, isClosed: true });
  }

  setLineDash(dash: readonly number[]): void {
    this.dash = dash;
  }

  private get pen(): string {
    const alpha = this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.map(short).join(' ')}"` : '';
    return `fill="none" stroke="${this.strokeStyle}" stroke-width="${short(this.lineWidth)}" stroke-linejoin="${this.lineJoin}"${dash}${alpha}`;
  }

  stroke(): void {
    if (this.paths.length > 0) this.out.push(`<path d="${this.path}" ${this.pen}/>`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.out.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" ${this.pen}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const alpha = this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
    this.out.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${this.fillStyle}"${alpha}/>`,
    );
  }

  /** A filled area with a title, within closed lines. */
  shape(lines: readonly (readonly Point[])[], { fill, stroke, alpha, title }: Shape): void {
    const d = lines.map((points) => path(points, true)).join('');
    const line = stroke ? ` stroke="${stroke}"` : '';
    const faint = alpha < 1 ? ` opacity="${alpha}"` : '';
    this.out.push(`<path d="${d}" fill="${fill}"${line}${faint}><title>${escaped(title)}</title></path>`);
  }

  // ------------------------------------------------------------------ text

  fillText(text: string, x: number, y: number): void {
    const baseline = this.textBaseline === 'middle' ? 'central' : 'alphabetic';
    this.out.push(
      `<text x="${short(x)}" y="${short(y)}" fill="${this.fillStyle}" text-anchor="${ANCHORS[this.textAlign] ?? 'start'}" dominant-baseline="${baseline}" style="font:${escaped(this.font)}">${escaped(text)}</text>`,
    );
  }
}
