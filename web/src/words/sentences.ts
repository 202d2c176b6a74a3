/**
 * Sentences out of events: one for the whole operation (what happened, and why), one for each inner event. The language
 * tables (en.ts, ru.ts) hold the words; nothing here is in any language.
 */
import type { Ev, KernelInfo, Trouble } from '../protocol.ts';
import { type Facts, gatherFacts, type List, listByNumber, TOLD_LIKE } from './facts.ts';
import type { Words } from './index.ts';
import type { Part } from './parts.ts';

export interface Told {
  headline: Part[];
  /** One sentence for each of the events given. */
  events: Part[][];
}

/**
 * @param operation the operation's own op_begin, op_args and op_end, where `events` is only a part of it (View.operation)
 * @param news what the kernel did not notice of it (View.newTroubles)
 */
export function describeOperation(
  words: Words,
  events: readonly Ev[],
  kernel: KernelInfo | null,
  operation: readonly Ev[] = [],
  news: readonly Trouble[] = [],
): Told {
  const own = new Set(['op_begin', 'op_arg', 'op_end']);
  const whole = operation.length === 0 ? events : [...operation, ...events.filter((event) => !own.has(event.kind))];
  const facts = gatherFacts(whole, kernel, words.zoneOfNode);
  const headline = headlineOf(words, facts);
  return {
    headline: headline ? [...headline, ...describeNews(words, news, facts)] : words.noOperation(facts),
    events: events.map((event) => describeEvent(words, event, facts)),
  };
}

function headlineOf(words: Words, facts: Facts): Part[] | undefined {
  const skipped = facts.first('skipped');
  if (skipped) return words.events.skipped(skipped, facts);
  const told = TOLD_LIKE[facts.op as keyof typeof TOLD_LIKE] ?? facts.op;
  return words.headlines[told as keyof Words['headlines']]?.(facts);
}

function describeEvent(words: Words, event: Ev, facts: Facts): Part[] {
  const sentence = words.events[event.kind as keyof Words['events']];
  return sentence ? sentence(event, facts) : [{ text: event.kind }];
}

/** The sentence of one event by itself: a line of the kernel's console. */
export function describeAlone(words: Words, event: Ev, kernel: KernelInfo | null): Part[] {
  return describeEvent(words, event, gatherFacts([event], kernel, words.zoneOfNode));
}

const STOPPED = new Set(['bug', 'oops', 'panic']);
/** So many new troubles are said in full. */
const SAID = 2;

/** What the headline is about already: a count below zero, and a frame that is still to be freed. */
const isTold = (kind: Trouble['kind'], op: string): boolean =>
  kind === 'below-zero' || (kind === 'lost' && op === 'put_page_testzero');

function describeNews(words: Words, news: readonly Trouble[], facts: Facts): Part[] {
  const told = news.filter(({ kind }) => !isTold(kind, facts.op));
  if (told.length === 0) return [];
  const isStopped = STOPPED.has(facts.outcome);
  const loss = isStopped ? 'stopped' : 'order';
  const said = told.slice(0, SAID).map((one) => words.troubles[one.kind](one, listOf(words, one, facts.kernel), loss));
  return words.newTroubles(said, told.length - said.length, isStopped);
}

/** What is wrong and the kernel has not noticed. */
export function describeTrouble(words: Words, trouble: Trouble, kernel: KernelInfo | null): Part[] {
  return words.troubles[trouble.kind](trouble, listOf(words, trouble, kernel), '');
}

function listOf(words: Words, trouble: Trouble, kernel: KernelInfo | null): List {
  return listByNumber(trouble.zone, trouble.list, kernel, words.zoneOfNode);
}
