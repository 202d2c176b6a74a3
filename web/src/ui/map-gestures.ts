/** Wheel, mouse and fingers on the map as what they mean: pan, zoom, point. Places are CSS pixels from the canvas's left upper corner. */

export interface GestureHandler {
  /** Is there anything to pan? Otherwise a finger scrolls the page. */
  canPan(): boolean;
  pan(dx: number, dy: number): void;
  /** Returns false where it is as large, or as small, as can be: then the wheel scrolls the page. */
  zoom(factor: number, x: number, y: number): boolean;
  point(x: number, y: number): void;
  /** A click. */
  choose(x: number, y: number): void;
  /** A press in the small picture of everything: takes it, and what follows until it is let go. */
  grab(x: number, y: number): boolean;
  grabbed(x: number, y: number): void;
}

/** Pixels that a press may move and still be a click. */
const STILL = 4;
/** A notch of the wheel zooms by a fifth. */
const PER_PIXEL = Math.log(1.2) / 100;
const LINE = 16;
const MOST_WHEEL = 240;

interface Finger {
  x: number;
  y: number;
}

export class Gestures {
  private readonly target: HTMLElement;
  private readonly handler: GestureHandler;
  private readonly fingers = new Map<number, Finger>();
  private start: Finger | null = null;
  private isDragging = false;
  private isGrabbed = false;

  constructor(target: HTMLElement, handler: GestureHandler) {
    this.target = target;
    this.handler = handler;
    target.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    target.addEventListener('pointerdown', (event) => this.down(event));
    target.addEventListener('pointermove', (event) => this.move(event));
    target.addEventListener('pointerup', (event) => this.up(event));
    target.addEventListener('pointercancel', (event) => this.up(event));
  }

  private at(event: MouseEvent): Finger {
    const box = this.target.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private wheel(event: WheelEvent): void {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const isSideways = !event.ctrlKey && (event.shiftKey || Math.abs(dx) > Math.abs(dy));
    if (isSideways) {
      if (!this.handler.canPan()) return;
      this.handler.pan(-(dx || dy), event.shiftKey ? 0 : -dy);
    } else {
      const { x, y } = this.at(event);
      const strength = event.ctrlKey ? 4 : 1;
      const pixels = Math.max(-MOST_WHEEL, Math.min(MOST_WHEEL, dy * strength));
      if (!this.handler.zoom(Math.exp(-pixels * PER_PIXEL), x, y)) return;
    }
    event.preventDefault();
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    const finger = this.at(event);
    this.fingers.set(event.pointerId, finger);
    if (this.fingers.size > 1) {
      this.isDragging = true;
      return;
    }
    this.start = finger;
    this.isDragging = false;
    this.isGrabbed = this.handler.grab(finger.x, finger.y);
    this.target.setPointerCapture(event.pointerId); // where it is let go is told here, wherever that is
  }

  private move(event: PointerEvent): void {
    const now = this.at(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') this.handler.point(now.x, now.y);
      return;
    }
    if (this.isGrabbed) this.handler.grabbed(now.x, now.y);
    else if (this.fingers.size === 2) this.pinch(event.pointerId, now);
    else this.drag(before, now);
    this.fingers.set(event.pointerId, now);
  }

  private drag(before: Finger, now: Finger): void {
    const { start } = this;
    if (start && Math.hypot(now.x - start.x, now.y - start.y) > STILL) this.isDragging = true;
    if (this.isDragging && this.handler.canPan()) this.handler.pan(now.x - before.x, now.y - before.y);
  }

  /** Two fingers: their distance zooms, their middle pans. */
  private pinch(id: number, now: Finger): void {
    const moved = this.fingers.get(id);
    const other = [...this.fingers].find(([one]) => one !== id)?.[1];
    if (!moved || !other) return;
    const distance = (a: Finger): number => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
    const [x, y] = [(now.x + other.x) / 2, (now.y + other.y) / 2];
    this.handler.pan((now.x - moved.x) / 2, (now.y - moved.y) / 2);
    this.handler.zoom(distance(now) / distance(moved), x, y);
  }

  private up(event: PointerEvent): void {
    const finger = this.fingers.get(event.pointerId);
    this.fingers.delete(event.pointerId);
    if (finger && !this.isDragging && !this.isGrabbed && event.type === 'pointerup')
      this.handler.choose(finger.x, finger.y);
    if (this.fingers.size === 0) this.isGrabbed = false;
  }
}
