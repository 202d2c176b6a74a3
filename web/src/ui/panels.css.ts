import { css } from 'lit';

/**
 * The panels: each folds away under its title. Where there is room beside the map an open one has a place of its own, its heading
 * stands in it, and what folds it away is a mark at its right.
 */
export const panelStyles = css`
  summary {
    cursor: pointer;
    line-height: 26px;
    font-size: 13px;
    font-weight: 600;
    color: var(--muted);
  }
  details {
    position: relative;
    border-top: 1px solid var(--line);
    flex: none;
  }
  details > div {
    overflow: auto;
  }
  .panel .hint {
    margin-top: 4px;
    font-size: 13px;
    line-height: 18px;
    color: var(--muted);
  }
  .panels > details > div {
    max-height: 420px;
    padding: 2px 0 10px;
  }
  @media (max-width: 1099px) {
    summary {
      line-height: 40px;
    }
    details > div {
      max-height: 70vh;
      padding: 4px 0 14px;
    }
  }
  @media (min-width: 1100px) {
    :is(.words, .close) > section {
      display: flex;
      flex-direction: column;
      min-height: 0;
    }
    :is(.words, .close) > section > * {
      flex: 1;
    }
    :is(.words, .close) > .call {
      flex: none;
    }
    .words > .code {
      flex: 1 1 0;
      min-height: 190px;
    }
    :is(.words, .close) > .panel {
      border: 0;
    }
    :is(.words, .close) > .panel[open] {
      display: flex;
      flex-direction: column;
      min-height: 0;

      &::details-content {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      > div {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      > div > :not(h2, .hint) {
        flex: 1;
      }
      > summary {
        position: absolute;
        z-index: 1;
        top: -2px;
        right: -20px;
        width: 24px;
        height: 24px;
        line-height: 24px;
        padding-left: 6px;
        overflow: hidden;
        white-space: nowrap;
      }
      > summary > span {
        margin-left: 24px; /* out of sight, not out of hearing */
      }
      &.closeup {
        flex: 0 1 136px; /* eight frames */
        min-height: 84px; /* a row of them */
      }
      &.inspector {
        flex: 1 0 150px;
      }
      &.watermarks {
        flex: 0 0 114px;
      }
      &.watermarks[data-zones='2'],
      &.watermarks[data-pcp] {
        flex-basis: 152px;
      }
      &.watermarks[data-zones='3'],
      &.watermarks[data-pcp][data-zones='2'] {
        flex-basis: 186px;
      }
      &.watermarks[data-pcp][data-zones='3'] {
        flex-basis: 250px;
      }
      &.watermarks[data-types][data-zones] {
        flex: 1 1 250px;
        min-height: 186px;
      }
      &.troubles {
        flex: none;
        min-height: 42px;
        max-height: 150px;
      }
      &.troubles[data-troubles='1'] {
        min-height: 86px;
      }
      &.console {
        flex: 0 0 102px;
      }
      &.text,
      &.fallback {
        flex: 1 0 160px;
      }
      &.steps {
        flex: 1 1 0;
        min-height: 112px;
      }
      &.lists {
        flex: 0 0 314px;
      }
      &.lists[data-pcp] {
        flex-basis: 352px;
      }
      &.lists > div > * {
        flex: none;
      }
    }
  }
  @media (min-width: 1100px) and (max-width: 1299px) {
    .close > .panel[open].troubles {
      min-height: 62px; /* its title takes two lines */
    }
  }
  @media (min-width: 1100px) and (min-height: 1000px) {
    :is(.words, .close) > .panel[open] {
      &.lists {
        flex-basis: 384px;
      }
      &.lists[data-pcp] {
        flex-basis: 444px;
      }
      &.closeup {
        flex-basis: 250px;
      }
    }
  }
`;
