import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { changedLists, LanesElement, type Listed } from './lanes.ts';
import { zoneName } from './zone-name.ts';

/**
 * A zone's free lists in list order, what the operation put there outlined.
 *
 * @fires pf-mark, pf-pick
 */
@customElement('pf-free-lists')
export class FreeLists extends LanesElement {
  override render() {
    const { view, zone } = this;
    if (!view || !zone) return nothing;
    const nrTypes = this.source?.kernel?.nrTypes ?? 1;
    const name = this.texts.ui.lists(zoneName(this.texts, view, zone));
    const lists = zone.lists.map(
      ({ type, ...list }): Listed => ({ ...list, types: [type], number: list.order * nrTypes + type }),
    );
    return html`<section><h2>${name}</h2>${this.lanes(lists, changedLists(view, this.source, zone.zone), name)}</section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pf-free-lists': FreeLists;
  }
}
