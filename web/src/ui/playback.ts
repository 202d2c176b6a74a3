/** Moving in time: what the buttons and keys of the timeline do, and the clock while it plays. */
import type { Place, SideNumber, View } from '../protocol.ts';
import { graver, type Markers, markersOf, nextMarker, previousMarker } from './markers.ts';
import { START, samePlace, stepBack, stepInto, stepOut, stepOver, turned } from './place.ts';
import {
  advance,
  BY_KEY,
  type Loop,
  loopFrom,
  loopTo,
  nextSpeed,
  PAUSED,
  type Player,
  pause,
  play,
  wait,
  withSpeed,
} from './player.ts';
import type { Session } from './session.ts';

export type Command =
  | 'first'
  | 'back'
  | 'into'
  | 'out'
  | 'over'
  | 'step'
  | 'play'
  | 'last'
  | 'next-mark'
  | 'previous-mark'
  | 'loop-from'
  | 'loop-to'
  | 'loop-off'
  | 'slower'
  | 'faster';

export class Playback {
  player: Player = PAUSED;
  loop: Loop | null = null;
  private readonly session: Session;
  private readonly side: () => SideNumber;
  private readonly changed: () => void;
  private timer = 0;
  private marked: { of: readonly unknown[]; markers: Markers } | null = null;

  /**
   * @param side which of several sides moves by inner steps
   * @param changed called after anything here has changed
   */
  constructor(session: Session, side: () => SideNumber, changed: () => void) {
    this.session = session;
    this.side = side;
    this.changed = changed;
    session.addEventListener('opened', () => {
      this.loop = null;
    });
  }

  /** Of what is open; where several sides are compared, of all. */
  get markers(): Markers {
    const { outcomes, misuse, others } = this.session;
    const of = [outcomes, misuse, others];
    if (!this.marked?.of.every((value, i) => value === of[i])) {
      const gravest = others.reduce((most, other) => graver(most, other.outcomes), outcomes);
      const troubled = [misuse, ...others.map((other) => other.misuse)].flat();
      const markers = markersOf(
        gravest,
        [...new Set(troubled)].sort((a, b) => a - b),
      );
      this.marked = { of, markers };
    }
    return this.marked.markers;
  }

  go(place: Place): void {
    this.session.go(place);
    this.changed();
  }

  /** As a person goes: playing ends. */
  move(place: Place | null): void {
    this.stop();
    if (place) this.go(place);
  }

  /** A move by inner steps: each side has its own, and it is the one that is faced that moves. */
  private moveFaced(to: (place: Place) => Place): void {
    const side = this.side();
    this.move(turned(to(turned(this.session.place, side)), side));
  }

  /** To a place that a part of the page names: its inner steps are those of the side that the parts show. */
  goTo(place: Place): void {
    if (place.inner === 0) this.move(place);
    else this.moveFaced(({ entry, others }) => (entry === place.entry && others ? { ...place, others } : place));
  }

  command(command: Command): void {
    const { place, length } = this.session;
    const moves: Partial<Record<Command, () => void>> = {
      first: () => this.move(START),
      back: () => this.move(stepBack(place)),
      step: () => this.move(stepOver(place, length)),
      into: () => this.moveFaced((own) => stepInto(own, this.innerTotal, length)),
      out: () => this.moveFaced(stepOut),
      over: () => this.over(),
      last: () => this.move({ entry: length, inner: 0 }),
      play: () => (this.player.playing ? this.stop() : this.start()),
      'next-mark': () => this.move(nextMarker(this.markers, place)),
      'previous-mark': () => this.move(previousMarker(this.markers, place)),
      'loop-from': () => this.setLoop(loopFrom(this.loop, place.entry, length)),
      'loop-to': () => this.setLoop(loopTo(this.loop, place.entry)),
      'loop-off': () => this.setLoop(null),
      slower: () => this.setSpeed(nextSpeed(this.player.speed, -1)),
      faster: () => this.setSpeed(nextSpeed(this.player.speed, 1)),
    };
    moves[command]?.();
    this.changed();
  }

  /** Inner steps of the operation under way; 0 where they are not known yet. */
  private get innerTotal(): number {
    const { place, view } = this.session;
    const faced: View | null | undefined = this.side() === 0 ? view : view?.others?.[this.side() - 1];
    return faced?.place.entry === place.entry ? faced.innerTotal : 0;
  }

  private over(): void {
    this.stop();
    this.session.stepOver(this.side());
  }

  private setLoop(loop: Loop | null): void {
    this.loop = loop;
  }

  /** Loop and speed as a link has them, once what it leads to is open. */
  follow(loop: Loop | null, speed: number): void {
    this.setLoop(loop && loop.to <= this.session.length ? loop : null);
    this.setSpeed(speed);
  }

  setSpeed(speed: number): void {
    this.player = withSpeed(this.player, speed, performance.now());
    if (this.player.playing) this.schedule();
    this.changed();
  }

  private start(): void {
    const { session, loop } = this;
    if (this.player.speed === BY_KEY) return this.go(stepOver(session.place, session.length));
    const { entry } = session.place;
    if (loop && (entry < loop.from || entry >= loop.to)) this.go({ entry: loop.from, inner: 0 });
    else if (session.isAtEnd && !session.live) this.go(START);
    this.player = play(this.player, performance.now());
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.player.playing) this.player = pause(this.player);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.beat(), wait(this.player, performance.now()));
  }

  private beat(): void {
    const { place, length, live } = this.session;
    const more = live !== null && !live.ended;
    const due = advance(this.player, place, length, performance.now(), more, this.loop);
    this.player = due.player;
    // the page is shown anew when the view has come, not before that once more
    if (!samePlace(due.place, place)) this.session.go(due.place);
    if (this.player.playing) this.schedule();
    else this.changed();
  }
}
