import { PAGE_SIZE } from '../generated/tables.ts';
import type { Translated } from '../words/parts.ts';
import type { ui as en } from '../words/ui.en.ts';
import { isPreset, parseMachine } from './machine.ts';

/** What a machine is called, by its text for links. */
export function machineText(ui: Translated<typeof en>, text: string): string {
  if (isPreset(text)) return ui.presets[text];
  const { nodes = [], cpus = 1 } = parseMachine(text) ?? {};
  return ui.machineSize(nodes.reduce((sum, { pages }) => sum + pages, 0) * PAGE_SIZE, nodes.length, cpus);
}
