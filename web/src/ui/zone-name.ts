import type { View, ZoneView } from '../protocol.ts';
import type { Texts } from './element.ts';

/** A zone as people call it: with its node where there are several. */
export function zoneName(texts: Texts, view: View, zone: ZoneView): string {
  const several = view.zones.some((other) => other.size > 0 && other.node !== zone.node);
  return several ? texts.words.zoneOfNode(zone.name, zone.node) : zone.name;
}
