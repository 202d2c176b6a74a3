/** What the legends beside the map share: rows of entries, some of which can be pressed. */
import { css, html, type TemplateResult } from 'lit';

export const legend = css`
  :host {
    container-type: inline-size;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0 4px;
    font-size: 13px;
    line-height: 20px;
  }
  li > * {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 26px;
    padding: 0 7px;
    border: 1px solid transparent;
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--wash);
  }
  .count {
    font-variant-numeric: tabular-nums;
    color: var(--muted);
  }
  @container (max-width: 420px) {
    ul {
      font-size: 12px;
      gap: 0;
    }
  }
`;

/** How it looks, its name, and how many there are. */
export function entry(look: TemplateResult, name: string, count: string) {
  return html`${look}${name} <span class="count">${count}</span>`;
}

/** An entry that is pressed, or not. */
export function choice(what: TemplateResult, title: string, isPressed: boolean, press: () => void) {
  return html`<li><button title=${title} aria-pressed=${isPressed} @click=${press}>${what}</button></li>`;
}
