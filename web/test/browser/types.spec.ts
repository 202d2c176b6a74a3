/** What only kernels with migratetypes have: lists by type, borrowing, reserves, memblock. */
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { at, axe, button, expect, fits, open, SIZES, sentence, test } from './page.ts';

const ERAS = 'run=three-eras&kernel=linux-6.1';
const golden = (name: string): string =>
  fileURLToPath(new URL(`../../../tests/golden/linux-6.1/${name}.jsonl.gz`, import.meta.url));
const freeLists = (page: Page) => page.locator('pf-free-lists');
const panel = (page: Page, name: string) => page.locator(`details.${name}`);

/** Opens a panel that is folded away. */
async function unfold(page: Page, name: string): Promise<void> {
  const details = panel(page, name);
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  await expect(details).toHaveAttribute('open', '');
}

async function openGolden(page: Page, name: string): Promise<void> {
  await open(page);
  await page.setInputFiles('input[type=file]', golden(name));
  await expect(page.locator('pf-machine .open')).toContainText('linux-6.1');
}

async function goTo(page: Page, entry: number): Promise<void> {
  const field = page.locator('pf-transport input');
  await field.fill(String(entry));
  await field.press('Enter');
  await at(page, entry);
}

test('free lists by type: a table as in /proc/pagetypeinfo, in which a type is chosen', async ({ page }) => {
  await open(page, `${ERAS}&step=2600`);
  const table = freeLists(page).getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(6);
  await expect(button(page, 'Unmovable')).toHaveAttribute('aria-pressed', 'true');
  await expect(freeLists(page).getByRole('toolbar', { name: 'order 2 Unmovable, 1 block' })).toBeVisible();
  await freeLists(page).getByRole('button', { name: 'Movable', exact: true }).click();
  await expect(freeLists(page).getByRole('toolbar', { name: /^order 10 Movable, \d+ blocks$/ })).toBeVisible();
  await expect(freeLists(page).getByRole('toolbar', { name: /Unmovable/ })).toHaveCount(0);
  await freeLists(page).getByRole('button', { name: 'Movable', exact: true }).click();
  await expect(freeLists(page).getByRole('button', { name: 'Unmovable' })).toHaveAttribute('aria-pressed', 'true');
});

test('a lane is one stop of Tab; arrow keys go along it, and Enter looks at the frame', async ({ page }) => {
  await open(page, `${ERAS}&step=2600`);
  const lane = freeLists(page).getByRole('toolbar', { name: /^order 3 Unmovable/ });
  const blocks = lane.getByRole('button');
  await expect(blocks).toHaveCount(2);
  await blocks.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(blocks.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(blocks.nth(1)).toBeFocused();
  await at(page, 2600);
  await page.keyboard.press('Home');
  await expect(blocks.first()).toBeFocused();
  const pfn = await blocks.first().getAttribute('aria-label');
  await page.keyboard.press('Enter');
  await expect(page.locator('pf-inspector h2')).toContainText(`Frame ${pfn}`);
  await expect(page.locator('pf-inspector')).toContainText('order 3 (Unmovable): number 1 of 2, from the head');
  await page.keyboard.press('Tab');
  await expect(
    freeLists(page)
      .getByRole('toolbar', { name: /^order 2 Unmovable/ })
      .getByRole('button')
      .first(),
  ).toBeFocused();
});

test('per-CPU lists by order and type, and the counter that lags behind the lists', async ({ page }) => {
  await openGolden(page, 'smp-random');
  await goTo(page, 400);
  await page.getByRole('tab', { name: 'Per-CPU' }).click();
  const lists = page.locator('pf-cpu-lists');
  await expect(lists.locator('.lag')).toHaveText(
    "The zone's counter says 906 free, its free lists hold 902: the difference of 4 waits in CPU 1's (−4) vm_stat_diff. A CPU adds its own to the counter when it would be more than 4; watermark tests read the counter alone.",
  );
  await expect(lists.locator('h3')).toHaveCount(2);
  await expect(lists).toContainText('Order 9: Unmovable, Reclaimable share one list.');
  await page.locator('pf-structures .zones').getByRole('button', { name: 'DMA32' }).click();
  await lists.locator('section').getByRole('button', { name: 'Movable', exact: true }).first().click();
  await expect(lists.getByRole('toolbar', { name: /^order \d Movable, \d+ block/ }).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Per-CPU' }).press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Counts' })).toHaveAttribute('aria-selected', 'true');
});

test('each fallback has its sentence and leads into the timeline', async ({ page }) => {
  await open(page, `${ERAS}&step=2`);
  await unfold(page, 'fallback');
  const fallback = page.locator('pf-fallback');
  await expect(fallback).toContainText('Fallbacks so far: 0');
  await expect(fallback.getByRole('row', { name: 'Movable Reclaimable Unmovable' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(fallback.locator('li')).not.toHaveCount(0);
  const latest = fallback.locator('li').first();
  await expect(latest).toContainText(/asks for order \d+ and has no such block left: it borrows from \w+/);
  await expect(latest).toContainText(/keeps its type|becomes? |whole pageblocks/);
  const number = Number((await latest.locator('.at').textContent())?.replace(/\D/g, ''));
  await latest.locator('.at').click();
  await expect(page.locator('html')).toHaveAttribute('data-place', new RegExp(`^${number - 1}\\.[1-9]`));
  await expect(sentence(page)).toContainText('has none left and borrows from');
});

test('watermarks: boost, the atomic reserve, and the arithmetic of the test', async ({ page }) => {
  await openGolden(page, 'fallback-claim');
  await goTo(page, 3000);
  const marks = page.locator('pf-watermarks');
  await expect(marks).toContainText('boost 512 of at most 512: 570 / 584 / 598 with it');
  await expect(marks).toContainText('nr_reserved_highatomic 0, limit 550');
  await expect(marks.locator('.test')).toHaveText(
    'Zone DMA would keep 609 free = 672 − 63 (the rest of the block), not more than 623 = 58 (its min mark) + 512 (boost) + 53 (lowmem_reserve): it is passed over.',
  );
  await expect(sentence(page)).toContainText('Zone DMA would keep 609 free and must keep more than 623: it refuses.');
});

test('memblock: what it knows, the hand-over piece by piece, and then it is gone', async ({ page }) => {
  await open(page, ERAS);
  const memblock = page.locator('pf-memblock');
  await expect(memblock).toContainText('0x100000–0x5ffffff');
  await expect(memblock).toContainText('memblock_free_all will hand over 2 pieces');
  await expect(memblock).toContainText('bootmem kept a bit for every frame');
  await page.goto(`./#${ERAS}&step=0.200`);
  await at(page, 0, 200);
  await expect(memblock).toContainText(/Handing over 0x280–0x5fff, the piece number 2 of 2/);
  await expect(memblock.locator('li').first()).toHaveText('order 7: 0x280');
  await memblock.getByRole('button', { name: '0x300', exact: true }).click();
  await expect(page.locator('pf-inspector h2')).toContainText('Frame 0x300');
  await page.goto(`./#${ERAS}&step=1`);
  await at(page, 1);
  await expect(memblock).toContainText('Handed over: 2 pieces');
  await page.keyboard.press('ArrowRight');
  await at(page, 2);
  await expect(memblock.locator('section')).toHaveCount(0);
  await expect(freeLists(page)).toBeVisible();
});

test('what a model leaves out is said where a kernel is chosen, in both languages', async ({ page }) => {
  await open(page, ERAS);
  const gaps = page.locator('pf-kernel-gaps');
  await page.locator('pf-machine .open').click();
  await gaps.getByText('What the model of linux-6.1 leaves out').click();
  await expect(gaps.getByRole('listitem').filter({ hasText: 'Compaction' })).toBeVisible();
  await page.keyboard.press('Escape');
  await button(page, 'RU').click();
  await expect(button(page, 'Вызов')).toBeVisible(); // until then the head moves under the pointer
  await page.locator('pf-machine .open').click();
  await gaps.getByText('Чего нет в модели linux-6.1').click();
  await expect(gaps.getByRole('listitem').filter({ hasText: 'Уплотнения' })).toBeVisible();
});

for (const theme of ['light', 'dark'])
  for (const [screen, viewport] of Object.entries(SIZES))
    test(`axe finds nothing: ${screen}, ${theme}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      const check = async (): Promise<void> => {
        await axe(page);
      };
      await open(page, `${ERAS}&step=0.200&theme=${theme}&panels=lists,watermarks`);
      await expect(page.locator('pf-memblock section')).toBeVisible();
      await check();
      await page.goto(`./#${ERAS}&step=1700&theme=${theme}&panels=lists,watermarks,fallback`);
      await at(page, 1700);
      await expect(page.locator('pf-fallback table')).toBeVisible();
      await check();
      await page.getByRole('tab', { name: 'Per-CPU' }).click();
      await expect(page.locator('pf-cpu-lists table').first()).toBeVisible();
      await check();
      await fits(page);
    });
