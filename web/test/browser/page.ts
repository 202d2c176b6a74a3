/** What the page's tests share: opening it, waiting for a place in time, and noticing what goes wrong. */
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** A test that fails if the page complained of anything. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export const LAPTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const SIZES = { laptop: LAPTOP, phone: PHONE };

/** Opens the page with a fragment (without the #) and waits for the first view to be painted. */
export async function open(page: Page, fragment = ''): Promise<void> {
  await page.goto(`./${fragment ? `#${fragment}` : ''}`);
  await expect(page.locator('html[data-ready=true]')).toBeAttached({ timeout: 30_000 });
}

/** Waits until the page shows this place: entries done, inner steps of the next one. */
export async function at(page: Page, entry: number, inner = 0): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-place', `${entry}.${inner}`);
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Opens a run of the menu. */
export async function choose(page: Page, run: string): Promise<void> {
  await page.locator('pf-run-menu .open').click();
  await page.locator('pf-run-menu .menu').getByRole('button', { name: run, exact: true }).click();
}

/** Opens files of the viewer's own, by their names. */
export async function openFiles(page: Page, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  const chosen = Object.entries(files).map(([name, content]) => {
    return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
  });
  await page.setInputFiles('input[type=file]', chosen);
}

/** Unfolds all that is folded away. */
export async function unfold(page: Page, which = 'main details'): Promise<void> {
  await page.locator(which).evaluateAll((all) => {
    for (const details of all as HTMLDetailsElement[]) details.open = true;
  });
}

/** Of several sources: the choice of another, what a side's sentence says, and the differences at the present place. */
export const beside = (page: Page) => page.getByRole('combobox', { name: 'Compare with' });
export const said = (page: Page, side: 0 | 1 | 2) => page.locator(`pf-sentence.said${side} .sentence`);
export const here = (page: Page) => page.locator('pf-differences .here');

/** The strip of time, and that of the inner steps below it. */
export const strip = (page: Page) => page.locator('pf-timeline .strip');
export const innerStrip = (page: Page) => page.locator('pf-timeline .inner');

/** How many operations there are. */
export async function length(page: Page): Promise<number> {
  return Number(await strip(page).getAttribute('aria-valuemax'));
}

export const sentence = (page: Page) => page.locator('pf-sentence .sentence');

/** What stands somewhere, once something does. */
export async function text(where: Locator): Promise<string> {
  await expect(where).toHaveText(/\S/);
  return (await where.textContent()) ?? '';
}

/** The map's pixels, as a string that differs when they do. */
export async function picture(page: Page): Promise<string> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return (await page.locator('pf-map .space > canvas').screenshot()).toString('base64');
}

/** Nothing sticks out at the side. */
export async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

/** The name of what has the focus. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const name = element?.getAttribute('aria-label') ?? element?.closest('label')?.textContent ?? element?.textContent;
    return name?.trim() ?? '';
  });

/** What Tab comes to, up to the first that is so, in at most so many steps. */
export async function tabbed(page: Page, isLast: (name: string) => boolean, most: number): Promise<string[]> {
  const names: string[] = [];
  while (names.length < most && !isLast(names.at(-1) ?? '')) {
    await page.keyboard.press('Tab');
    names.push(await focused(page));
  }
  return names;
}

/** axe finds nothing, in all of the page or in a part of it: as it is at rest, for parts that are fetched may be on their way. */
export async function axe(page: Page, within?: Parameters<AxeBuilder['include']>[0]): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await expect(async () => {
    const builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']);
    const { violations } = await (within ? builder.include(within) : builder).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([]);
  }).toPass({ timeout: 60_000 });
}
