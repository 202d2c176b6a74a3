import type { Page } from '@playwright/test';
import {
  at,
  axe,
  beside,
  button,
  choose,
  expect,
  fits,
  here,
  length,
  open,
  openFiles,
  PHONE,
  said,
  strip,
  tabbed,
  test,
  text,
  unfold,
} from './page.ts';

const TWO = 'run=two-kernels&compare=linux-2.6.10';

/** Waits until both sides are shown at this place, and all of the run is compared. */
async function both(page: Page, entry: number, inner = 0, other = 0): Promise<void> {
  await at(page, entry, inner);
  await expect(page.locator('html')).toHaveAttribute('data-other', `${entry}.${other}`);
}

const all = (page: Page) => page.locator('pf-differences .all');

/** Opens a run of the viewer's own. */
const openRun = (page: Page, lines: object[]): Promise<void> =>
  openFiles(page, { 'own.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });

const header = (kernel: string, pages = 256): object => ({
  format: 'pageframe-run/1',
  kernel,
  machine: { nodes: [{ start_pfn: 0, pages }] },
});

test('one click shows the history: two maps, two sentences, one timeline, and in what they differ', async ({
  page,
  context,
}) => {
  await open(page);
  await choose(page, 'The same run in 2.4 and 2.6');
  await both(page, 0);
  await expect(page.locator('pf-map')).toHaveCount(2);
  await expect(page.locator('main > h2')).toHaveText(['linux-2.4.20', 'linux-2.6.10']);
  await expect(strip(page)).toHaveCount(1);
  await expect(here(page)).toContainText('Nothing has happened yet.');
  for (let entry = 1; entry <= 8; entry++) {
    await page.keyboard.press('ArrowRight');
    await both(page, entry);
  }
  await expect(said(page, 0)).toContainText('The caller gets 0xc0–0xff');
  await expect(said(page, 1)).toContainText('The caller gets 0x80–0xbf');
  await expect(here(page)).toContainText('goes on with the upper half: 0xc0–0xff');
  await expect(here(page)).toContainText('goes on with the lower half: 0x80–0xbf');
  await expect(strip(page)).toHaveAttribute('aria-valuetext', /linux-2\.4\.20: .+ linux-2\.6\.10: /);
  await expect.poll(() => page.url()).toContain(`${TWO}&step=8`);
  const other = await context.newPage();
  await other.goto(page.url());
  await both(other, 8);
  await expect(said(other, 1)).toHaveText(await text(said(page, 1)));
  await expect(all(other)).toHaveText(await text(all(page)));
});

test('each sort of difference stands once, and leads to where it is', async ({ page }) => {
  await open(page, TWO);
  await both(page, 0);
  const rows = all(page).getByRole('listitem');
  const numbers = await rows.locator('.number').allTextContents();
  expect(numbers.map(Number)).toEqual(numbers.map(Number).sort((a, b) => a - b));
  expect(numbers.length).toBeGreaterThan(10);
  const hot = rows.filter({ hasText: 'the head of the CPU' });
  await expect(hot).toHaveCount(1);
  await expect(hot).toContainText('6 times');
  await hot.getByRole('button', { name: /^Operation/ }).click();
  await both(page, 3);
  await expect(hot).toHaveAttribute('aria-current', 'step');
  await hot.getByRole('button', { name: 'next: 4' }).click();
  await both(page, 4);
  await rows.filter({ hasText: 'a bad page' }).getByRole('button', { name: 'Operation 15' }).click();
  await both(page, 15);
  await expect(said(page, 0)).toContainText('BUG()');
  await expect(here(page)).toContainText('linux-2.6.10 complains of a bad page');
  await page.keyboard.press('End');
  await both(page, 28);
  await expect(here(page)).toContainText("gives NULL, while 6 frames lie free on the CPU's own lists");
});

test('inside an operation each side has steps of its own; the panels show the side that is faced', async ({ page }) => {
  await open(page, `${TWO}&step=7`);
  await both(page, 7);
  await page.keyboard.press('ArrowDown');
  await both(page, 7, 1, 1);
  await button(page, 'Step into').click();
  await both(page, 7, 2, 1);
  await expect(said(page, 1)).toContainText('asks for 2^6');
  const facing = page.getByRole('group', { name: 'The panels show' });
  await expect(facing).toContainText('Step into looks inside linux-2.4.20');
  await page.keyboard.press('x');
  await expect(facing.getByRole('button', { name: 'linux-2.6.10' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await both(page, 7, 2, 3);
  await expect.poll(() => page.url()).toContain('side=2&step=7.2.3');
  await page.reload();
  await both(page, 7, 2, 3);
  await page.locator('.panels .steps summary').click();
  await expect(page.locator('pf-steps li[aria-current=step] .number')).toHaveText('3');
  await page.locator('pf-steps .number').nth(5).click();
  await both(page, 7, 2, 6);
  await page.keyboard.press('ArrowUp');
  await both(page, 7, 2, 5);
  await page.keyboard.press('ArrowRight');
  await both(page, 8);
  await page.locator('.panels .lists summary').click();
  await expect(page.locator('pf-per-cpu-lists')).toContainText('Hot');
  await facing.getByRole('button', { name: 'linux-2.4.20' }).click();
  await expect(page.locator('pf-per-cpu-lists')).not.toContainText('Hot');
  await expect.poll(() => page.url()).not.toContain('side=2');
});

test('any run is compared and let go again, by keyboard', async ({ page }) => {
  await open(page, 'run=misuse&step=5');
  await expect(page.locator('pf-map')).toHaveCount(1);
  await beside(page).focus();
  await beside(page).press('ArrowDown');
  await both(page, 5);
  await expect(here(page)).toContainText('Freed once too often: linux-2.4.20 lets the count fall to −1');
  await expect(beside(page)).toHaveValue('linux-2.6.10');
  await expect.poll(() => page.url()).toContain('run=misuse&compare=linux-2.6.10&step=5');
  await choose(page, 'Three zones and their watermarks');
  await both(page, 0);
  await beside(page).selectOption('');
  await expect(page.locator('pf-map')).toHaveCount(1);
  await expect(page.locator('html')).not.toHaveAttribute('data-other', /./);
  await expect.poll(() => page.url()).not.toContain('compare=');
  await expect(page.locator('.panel.steps')).toBeVisible();
});

test('everything of it is reached by Tab', async ({ page }) => {
  await open(page, `${TWO}&step=8`);
  await both(page, 8);
  await page.locator('pf-run-menu .open').focus();
  const seen = await tabbed(page, (name) => name === 'linux-2.6.10', 140);
  const canvases = seen.filter((name) => name.includes('Page map'));
  expect(canvases).toHaveLength(2);
  for (const name of ['Operation 1', 'Operation 28', 'linux-2.4.20', 'linux-2.6.10']) expect(seen).toContain(name);
  expect(seen.some((name) => /^next: \d+$/.test(name))).toBe(true);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'linux-2.6.10' })).toHaveAttribute('aria-pressed', 'true');
  await both(page, 8);
});

test('what a kernel lacks is skipped there, and said', async ({ page }) => {
  await open(page, 'compare=linux-2.4.20');
  await openRun(page, [
    header('linux-2.6.10'),
    { op: 'boot' },
    { op: 'alloc_page', gfp: 'GFP_KERNEL|__GFP_COLD', as: 'cold' },
    { op: 'drain_local_pages' },
  ]);
  await expect.poll(() => length(page)).toBe(3);
  await beside(page).selectOption('linux-2.4.20');
  await both(page, 0);
  await page.keyboard.press('End');
  await both(page, 3);
  await expect(said(page, 1)).toContainText('linux-2.4.20 has no drain_local_pages: the operation is skipped');
  await expect(here(page)).toContainText('linux-2.4.20 has no drain_local_pages: there the operation is skipped.');
  await page.keyboard.press('ArrowLeft');
  await both(page, 2);
  await expect(said(page, 1)).toContainText('linux-2.4.20 has no __GFP_COLD');
  await expect(page.locator('pf-sentence.said1 .code')).toContainText('alloc_page(GFP_KERNEL | __GFP_COLD);');
});

test('a run that the other kernel cannot carry out stays alone, and says why', async ({ page }) => {
  await open(page);
  const range = { op: 'alloc_bootmem', size: 4096, goal: 6 * 2 ** 30 };
  await openRun(page, [{ ...header('linux-2.6.10'), bits_per_long: 64 }, range]);
  await expect.poll(() => length(page)).toBe(1);
  await beside(page).selectOption('linux-2.4.20');
  await expect(page.getByRole('alert')).toContainText('own.jsonl:2: field "goal": expected an address from 0 to');
  await expect(page.locator('pf-map')).toHaveCount(1);
  await expect(beside(page)).toHaveValue('');
});

test('the whole history in Russian, without a word of English', async ({ page }) => {
  await open(page, `${TWO}&lang=ru`);
  await both(page, 0);
  for (let entry = 1; entry <= 28; entry++) {
    await page.keyboard.press('ArrowRight');
    await both(page, entry);
    const text = (await here(page).innerText()).replaceAll(/BUG\(\): .*?(?=[.;])/g, '');
    expect(text).toMatch(/[а-я]{4}/);
    expect(text).not.toMatch(/\b(the|of|and|frame|block|list)\b/);
    await fits(page);
  }
  await button(page, 'EN').click();
  await expect(here(page)).toContainText('Differences at this operation');
  await expect(all(page)).toContainText('linux-2.4.20 has free lists for orders 0 to 9');
});

for (const theme of ['light', 'dark'])
  for (const size of ['laptop', 'phone'])
    test(`axe finds nothing: ${size}, ${theme}`, async ({ page }) => {
      if (size === 'phone') await page.setViewportSize(PHONE);
      await open(page, `${TWO}&step=15&theme=${theme}`);
      await both(page, 15);
      await axe(page);
      await unfold(page);
      await page.keyboard.press('x');
      await axe(page);
      await fits(page);
    });

test('on a phone the choice stands below everything else', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await open(page, 'run=misuse&step=5');
  await beside(page).selectOption('linux-2.6.10');
  await both(page, 5);
  await expect(page.locator('pf-map')).toHaveCount(2);
  const tops = await page
    .locator('main > h2, main > pf-map, main > pf-sentence, pf-differences, .facing, pf-compare')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(tops).toHaveLength(9);
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  await beside(page).selectOption('');
  await expect(page.locator('pf-map')).toHaveCount(1);
});
