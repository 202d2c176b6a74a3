import type { Page } from '@playwright/test';
import { at, button, expect, open, SIZES, test } from './page.ts';

const ALL = 'steps,lists,closeup,inspector,watermarks,troubles,console,text';

/** What stands in the page that can be worked with: helpers for the page itself, which is made of shadow trees. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate(() => {
    const CONTROLS = 'a[href], button, select, input, textarea, summary, [tabindex], [role=slider], [role=application]';
    const all: Element[] = [];
    const within = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        all.push(element);
        if (element.shadowRoot) within(element.shadowRoot);
      }
    };
    const name = (element: Element): string => {
      const root = element.getRootNode() as ParentNode;
      const labels = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
      const own = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      const parts = [
        element.getAttribute('aria-label'),
        ...labels.map((id) => root.querySelector(`#${id}`)?.textContent),
        ...own.map((label) => label.textContent),
        element.matches('select, input') ? null : element.textContent,
        element.getAttribute('title'),
      ];
      return (parts.find((part) => part?.trim()) ?? '').trim().replace(/\s+/g, ' ');
    };
    const tell = (element: Element): string =>
      `${(element.getRootNode() as ShadowRoot).host?.localName ?? ''} ${element.localName} "${name(element).slice(0, 60)}"`;
    const canWork = (element: Element): boolean => {
      const { tabIndex } = element as HTMLElement;
      const isOff = element.matches(':disabled, [hidden], [inert] *');
      return tabIndex >= 0 && !isOff && element.checkVisibility({ visibilityProperty: true });
    };
    const focused = (): Element | null => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element === document.body ? null : element;
    };
    const reached = new Set<Element>();
    Object.assign(window, {
      /** Takes note of what has the focus, and says what is wrong with it; null: nothing has it. */
      visit(): { told: string; again: boolean; faults: string[] } | null {
        const element = focused();
        if (!element) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const faults: string[] = [];
        if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 1) faults.push('its focus cannot be seen');
        if (element.matches(CONTROLS) && name(element) === '') faults.push('it has no name');
        const box = element.getBoundingClientRect();
        const isIn = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
        if (!isIn) faults.push('it is not in view');
        const again = reached.has(element);
        reached.add(element);
        return { told: tell(element), again, faults };
      },
      /** Controls to which no Tab came. Of tabs and radio buttons one is a stop, and the arrow keys lead to the others. */
      left(): string[] {
        all.length = 0;
        within(document);
        return all.filter((one) => one.matches(CONTROLS) && canWork(one) && !reached.has(one)).map(tell);
      },
      /** Buttons that no key leads to: neither a stop of their own, nor part of a group that has one. */
      stray(): string[] {
        // In the code one line is a stop, and the arrow keys lead to the others, too.
        const groups = '[role=tablist], [role=menu], [role=listbox], [role=radiogroup], [role=grid], [part=code]';
        return all
          .filter((one) => one.matches('button, a[href], select, input') && one.checkVisibility())
          .filter((one) => (one as HTMLElement).tabIndex < 0 && !one.closest(groups) && !one.matches('[hidden]'))
          .map(tell);
      },
    });
  });
}

interface Helpers {
  visit(): { told: string; again: boolean; faults: string[] } | null;
  left(): string[];
  stray(): string[];
}

/** On a laptop the call box and the code take the place of the lists. */
const TOURS = [
  ['laptop', '', ['pf-structures']],
  ['laptop', 'call,code', ['pf-call-box', 'pf-code']],
  ['phone', 'call,code', ['pf-structures', 'pf-call-box', 'pf-code']],
] as const;

for (const [name, desk, own] of TOURS)
  test(`Tab leads to every control, each has a name and shows the focus: ${name}${desk && `, ${desk}`}`, async ({
    page,
  }) => {
    await page.setViewportSize(SIZES[name]);
    await open(page, `run=misuse&step=16&show=${desk}&panels=${ALL}&chart=on&frame=b&map=quilt&zoom=24&at=b`);
    await at(page, 16);
    for (const part of ['pf-inspector dl', 'pf-chart canvas', 'pf-map-text table', ...own])
      await expect(page.locator(part).first()).toBeVisible();
    if (desk) await expect(page.locator('pf-code li.current').first()).toBeVisible();
    await prepare(page);
    const faults: string[] = [];
    const order: string[] = [];
    for (let i = 0; i < 600; i++) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => (window as unknown as Helpers).visit());
      if (!seen || seen.again) break;
      order.push(seen.told);
      faults.push(...seen.faults.map((fault) => `${seen.told}: ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(await page.evaluate(() => (window as unknown as Helpers).left())).toEqual([]);
    expect(await page.evaluate(() => (window as unknown as Helpers).stray())).toEqual([]);
    for (const part of ['pf-map canvas', 'pf-timeline', 'pf-transport', 'pf-inspector', ...own])
      expect(order.filter((told) => told.startsWith(part)).length, part).toBeGreaterThan(0);

    // And back: the same stops, the other way round.
    const back: string[] = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Shift+Tab');
      const seen = await page.evaluate(() => (window as unknown as Helpers).visit());
      if (seen) back.push(seen.told);
    }
    expect(back.every((told) => order.includes(told))).toBe(true);
  });

for (const [name, viewport] of Object.entries(SIZES))
  test(`dialogs keep the focus, have a name and give the focus back: ${name}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await open(page, 'step=3');
    const openers = [button(page, 'Keys'), button(page, 'Share'), page.locator('pf-machine .open')];
    for (const opener of openers) {
      await opener.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toHaveAccessibleName(/\w/);
      await prepare(page);
      const seen: string[] = [];
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab');
        const found = await page.evaluate(() => (window as unknown as Helpers).visit());
        if (found?.again) break;
        if (!found) continue;
        expect(found.faults, found.told).toEqual([]);
        seen.push(found.told);
      }
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.filter((told) => !/^pf-(keys|share|machine|kernel-gaps)/.test(told))).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
      await expect(opener).toBeFocused();
    }
  });

for (const [name, viewport] of Object.entries(SIZES))
  test(`each step and inner step is announced, and the map stands there in words: ${name}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await open(page, 'run=three-zones&panels=text');
    const live = page.locator('[aria-live=polite]').first();
    await page.keyboard.press('ArrowRight');
    await at(page, 1);
    await expect(live).toHaveText(/^Operation 1 of \d+\. .{20}/);
    await page.keyboard.press('ArrowDown');
    await at(page, 1, 1);
    await expect(live).toHaveText(/^Operation 2 of \d+\. .{10}/);
    await page.keyboard.press('End');
    const rows = page.locator('pf-map-text tbody tr');
    await expect(rows.filter({ hasText: 'allocated' }).first()).toBeVisible();
    // Every frame stands in it, once.
    const counts = await rows.locator('td:nth-child(2)').allTextContents();
    const total = counts.reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0);
    expect(total).toBe(768);
  });

test('the whole example by keys: there, into, out, a mark, a frame of the map, a zone, a panel', async ({ page }) => {
  await open(page);
  await page.keyboard.press('n');
  await at(page, 7);
  await expect(page.locator('.panel.console')).toContainText('BUG()');
  await page.keyboard.press('End');
  const map = page.locator('pf-map .space > canvas');
  await map.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x0');
  const summary = page.locator('.panel.text > summary');
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('pf-map-text table')).toBeVisible();
  await page.getByRole('tab', { name: 'Free lists' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Pair bits' })).toBeFocused();
  const strip = page.locator('pf-timeline .strip');
  await strip.focus();
  await page.keyboard.press('Home');
  await at(page, 0);
});
