/**
 * What the main views look like: each on a laptop and on a phone, light and dark, English and Russian taking turns. What differs
 * from the picture in pictures/ is a regression, or meant; then look at the new one and keep it: CONTRIBUTING.md says how.
 *
 * Letters are DejaVu's, which test.sh installs, whatever other fonts a machine has; the tolerance is for another Chromium's edges.
 */
import type { Page } from '@playwright/test';
import { expect, open, test } from './page.ts';

const SIZES = { laptop: { width: 1160, height: 800 }, phone: { width: 390, height: 844 } };
const FONTS = { '--read': 'DejaVu Serif', '--plain': 'DejaVu Sans', '--mono': 'DejaVu Sans Mono' };

interface ViewOf {
  fragment: string;
  /** What is there when all is there. */
  has: readonly string[];
  act?(page: Page): Promise<void>;
  /** Looks there as it does elsewhere. */
  without?: keyof typeof SIZES;
}

/** On a phone the lists are folded away, and farther down. */
async function lists(page: Page): Promise<void> {
  const panel = page.locator('.panel.lists');
  if ((await panel.getAttribute('open')) !== null) return;
  await panel.locator('summary').click();
  await expect(panel.locator('pf-structures')).toBeVisible();
  await panel.evaluate((one) => one.scrollIntoView());
}

const VIEWS: Readonly<Record<string, ViewOf>> = {
  boot: { fragment: 'step=3', has: ['pf-sentence .code div'], act: lists },
  zones: { fragment: 'run=three-zones&step=12&frame=80', has: ['pf-sentence .code div'] },
  quilt: { fragment: 'run=two-nodes&step=8&map=quilt', has: ['pf-sentence .code div'] },
  types: {
    fragment: 'run=three-eras&kernel=linux-6.1&map=quilt&step=400',
    has: ['pf-pageblock-legend button', 'pf-sentence .code div'],
    act: lists,
  },
  misuse: {
    fragment: 'run=misuse&step=16&panels=steps,lists,inspector,troubles,console&frame=b',
    has: ['pf-troubles li'],
  },
  code: { fragment: 'run=hot-and-cold&step=4&show=call,code', has: ['pf-code li.current', 'pf-call-box select'] },
  compare: { fragment: 'run=two-kernels&compare=linux-2.6.10&step=8', has: ['html[data-other]', 'pf-differences li'] },
  machines: {
    fragment: 'step=3',
    without: 'laptop',
    has: ['pf-sentence .code div'],
    act: async (page) => {
      await page.locator('pf-machine .open').click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
};

for (const [i, [name, { fragment, has, act, without }]] of Object.entries(VIEWS).entries())
  for (const [j, [size, viewport]] of Object.entries(SIZES).entries()) {
    if (size === without) continue;
    const theme = (i + j) % 2 === 0 ? 'light' : 'dark';
    const lang = (Math.floor(i / 2) + j) % 2 === 0 ? 'en' : 'ru';
    test(`${name}, ${size}, ${theme}, ${lang}`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await page.addInitScript((fonts) => {
        addEventListener('DOMContentLoaded', () => {
          for (const [variable, font] of Object.entries(fonts))
            document.documentElement.style.setProperty(variable, `"${font}"`);
        });
      }, FONTS);
      await open(page, `${fragment}&theme=${theme}&lang=${lang}`);
      for (const part of has) await expect(page.locator(part).first()).toBeAttached();
      await act?.(page);
      await expect(page).toHaveScreenshot(`${name}-${size}.png`);
    });
  }
