import { css } from 'lit';
import { shared } from './element.ts';
import { panelStyles } from './panels.css.ts';

/** Where the parts stand. Wide: everything in one screen, time along the bottom. Narrow: one column, time stays in reach. */
export const explorerStyles = [
  shared,
  panelStyles,
  css`
    :host {
      display: grid;
      grid-template: 50px minmax(0, 1fr) auto / minmax(0, 1fr);
      height: 100dvh;
      min-height: 640px;
    }
    header {
      display: flex;
      align-items: center;
      gap: 8px 28px;
      padding: 0 20px;
      border-bottom: 1px solid var(--line);
    }
    h1 {
      margin: 0;
      font: 700 19px / 1 var(--read);
    }
    .what {
      flex: 1;
      min-width: 0;
      display: flex;
      align-items: center;
      gap: 12px;
      color: var(--muted);
      white-space: nowrap;
    }
    .what b {
      color: var(--ink);
      font-weight: 600;
    }
    pf-run-menu {
      flex: 0 1 auto;
      overflow: hidden;
    }
    .room[data-connected='true']::before {
      content: '';
      display: inline-block;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--accent);
      margin-right: 6px;
    }
    nav,
    .tools {
      display: flex;
      gap: 6px;
    }
    .quiet {
      border-color: transparent;
      color: var(--muted);
      padding: 2px 6px;
      display: grid;
      place-items: center;
    }
    .quiet[aria-pressed='true'] {
      color: var(--ink);
      font-weight: 600;
    }
    main {
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr) clamp(250px, 21vw, 340px) clamp(370px, 30vw, 560px);
      grid-template-areas: 'map close words';
    }
    main:has(> .close > .call) {
      grid-template-columns: minmax(0, 1fr) clamp(310px, 24vw, 380px) clamp(370px, 30vw, 560px);
    }
    pf-map {
      grid-area: map;
      padding: 14px 0 6px 20px;
    }
    .close,
    .words {
      display: flex;
      flex-direction: column;
      gap: 16px;
      min-height: 0;
      overflow: auto; /* on a low screen the column scrolls as a whole */
      padding: 14px 20px 10px;
    }
    .close {
      grid-area: close;
      gap: 10px;
    }
    .words {
      grid-area: words;
      border-left: 1px solid var(--line);
    }
    /* Several sides: map beside map, each with its sentence, and in what they differ. */
    .beside {
      column-gap: 20px;
      padding: 10px 0 0 20px;
      overflow: auto; /* on a low screen */
    }
    .of-2 {
      grid-template: 24px minmax(180px, 1fr) auto / repeat(2, minmax(0, 1fr)) clamp(370px, 30vw, 560px);
      grid-template-areas:
        'name0 name1 column'
        'map0 map1 column'
        'said0 said1 column';
    }
    .of-3 {
      grid-template: 24px minmax(180px, 1fr) auto / repeat(3, minmax(0, 1fr)) clamp(330px, 27vw, 520px);
      grid-template-areas:
        'name0 name1 name2 column'
        'map0 map1 map2 column'
        'said0 said1 said2 column';
    }
    .beside > h2 {
      font-size: 15px;
      line-height: 24px;
      color: var(--ink);
    }
    .name0 {
      grid-area: name0;
    }
    .name1 {
      grid-area: name1;
    }
    .name2 {
      grid-area: name2;
    }
    .beside > .map0 {
      grid-area: map0;
    }
    .beside > .map1 {
      grid-area: map1;
    }
    .beside > .map2 {
      grid-area: map2;
    }
    .beside > pf-map {
      padding: 2px 0 0;
    }
    .beside > pf-map::part(legends) {
      height: 84px; /* the same for all, so that the maps are of one size */
      overflow: auto;
    }
    .of-3 > pf-map::part(legends) {
      height: 104px; /* four states, one below the other */
    }
    .said0 {
      grid-area: said0;
    }
    .said1 {
      grid-area: said1;
    }
    .said2 {
      grid-area: said2;
    }
    .beside > pf-sentence {
      padding: 4px 0 10px;
    }
    .column {
      grid-area: column;
      display: flex;
      flex-direction: column;
      gap: 10px;
      min-height: 0;
      overflow: auto;
      margin-top: -10px;
      padding: 10px 20px;
      border-left: 1px solid var(--line);
    }
    .column > * {
      flex: none;
    }
    .column > pf-differences {
      flex: 1 0 330px;
    }
    .facing {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px;
      padding-top: 8px;
      border-top: 1px solid var(--line);
      font-size: 13px;
    }
    .facing span {
      font-weight: 600;
      color: var(--muted);
      margin-right: 4px;
    }
    .facing [aria-pressed='true'] {
      background: var(--ink);
      border-color: var(--ink);
      color: var(--paper);
    }
    .facing p {
      flex-basis: 100%;
      color: var(--muted);
    }
    footer {
      position: relative;
      border-top: 1px solid var(--line);
      padding: 6px 20px 12px;
      background: var(--paper);
    }
    pf-transport {
      margin-top: 5px;
    }
    .chart {
      min-height: 81px; /* whether its code is there or not */
      margin-bottom: 2px;
    }
    .chart > p {
      line-height: 26px;
      font-size: 13px;
      color: var(--muted);
    }
    .trouble {
      position: absolute;
      z-index: 2;
      left: 20px;
      bottom: calc(100% + 14px);
      max-width: min(760px, calc(100vw - 40px));
      display: flex;
      align-items: flex-start;
      gap: 16px;
      padding: 14px 16px;
      background: var(--paper);
      border: 1px solid var(--mark);
      border-left-width: 5px;
    }
    .trouble > div {
      min-width: 0;
    }
    .trouble > button {
      flex: none;
    }
    .trouble p {
      margin-top: 4px;
      font: 13px / 19px var(--mono);
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    .drop {
      position: fixed;
      inset: 10px;
      z-index: 3;
      display: grid;
      place-items: center;
      font: 28px var(--read);
      background: color-mix(in srgb, var(--paper) 88%, transparent);
      border: 2px dashed var(--accent);
      pointer-events: none;
    }
    @media (min-width: 1100px) {
      .of-3 > pf-sentence {
        --more: 10px; /* whole lines of the smallest type */
      }
    }
    @media (min-width: 1100px) and (max-height: 800px) {
      .of-3 > pf-sentence {
        --more: 21px;
      }
    }
    @media (max-width: 1299px) {
      .of-3 > pf-map::part(legends) {
        height: 130px;
      }
      header {
        gap: 8px 16px;
      }
      pf-run-menu {
        flex: 1 1 0;
      }
    }
    @media (max-width: 1099px) {
      :host {
        display: flex;
        flex-direction: column;
      }
      header {
        flex-wrap: wrap;
        justify-content: space-between;
        padding: 6px 16px;
        gap: 4px;
      }
      .what {
        order: 3;
        flex: 1 0 100%;
        gap: 2px 8px;
        min-height: 32px;
        font-size: 13px;
      }
      pf-compare {
        padding: 12px 0;
        border-top: 1px solid var(--line);
        color: var(--muted);
      }
      nav {
        margin-left: auto;
        font-size: 13px;
      }
      nav button {
        padding: 2px 8px;
      }
      .tools {
        gap: 0;
      }
      .tools .quiet {
        padding: 2px 3px;
      }
      .kernel {
        display: none;
      }
      /* It scrolls above the bar of controls, which so never lies over half a target. */
      main {
        flex: 1;
        min-height: 0;
        overflow: auto;
        display: flex;
        flex-direction: column;
        padding: 0 16px;
      }
      main > * {
        flex: none;
      }
      .close,
      .words {
        display: contents;
      }
      .beside {
        padding: 0 16px;
      }
      .beside.beside > pf-map::part(legends) {
        height: auto;
      }
      .beside > h2 {
        padding-top: 12px;
      }
      .column > pf-differences {
        flex: none;
      }
      .column {
        border: 0;
        margin: 0;
        padding: 10px 0;
        overflow: visible;
      }
      pf-map {
        padding: 10px 0 0;
      }
      pf-sentence {
        padding: 10px 0;
        border-top: 1px solid var(--line);
      }
      footer {
        padding: 4px 16px 10px;
      }
      .trouble {
        left: 16px;
        max-width: calc(100vw - 32px);
      }
    }
  `,
];
