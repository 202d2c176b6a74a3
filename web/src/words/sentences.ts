/**
 * Sentences out of events: one for the whole operation (what happened, and why), one for each inner event. The language
 * tables (en.ts, ru.ts) hold the words; nothing here is in any language.
 */
import type { Ev, KernelInfo } from '../protocol.ts';
import { gatherFacts } from './facts.ts';
import type { Words } from './index.ts';
import type { Part } from './parts.ts';

export interface Told {
  headline: Part[];
  /** One sentence for each of the events given. */
  events: Part[][];
}

/**
 * @param operation the operation's own op_begin, op_args and op_end, where `events` is only a part of it (View.operation)
 */
export function describeOperation(
  words: Words,
  events: readonly Ev[],
  kernel: KernelInfo | null,
  operation: readonly Ev[] = [],
): Told {
  const own = new Set(['op_begin', 'op_arg', 'op_end']);
  const whole = operation.length === 0 ? events : [...operation, ...events.filter((event) => !own.has(event.kind))];
  const facts = gatherFacts(whole, kernel);
  const headline = words.headlines[facts.op as keyof Words['headlines']];
  return {
    headline: headline ? headline(facts) : words.noOperation(facts),
    events: events.map((event) => describeEvent(words, event, facts)),
  };
}

function describeEvent(words: Words, event: Ev, facts: ReturnType<typeof gatherFacts>): Part[] {
  const sentence = words.events[event.kind as keyof Words['events']];
  return sentence ? sentence(event, facts) : [{ text: event.kind }];
}

/** The sentence of one event by itself: a line of the kernel's console. */
export function describeAlone(words: Words, event: Ev, kernel: KernelInfo | null): Part[] {
  return describeEvent(words, event, gatherFacts([event], kernel));
}
