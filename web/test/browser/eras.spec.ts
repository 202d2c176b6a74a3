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
  LAPTOP,
  open,
  openFiles,
  PHONE,
  said,
  strip,
  tabbed,
  test,
} from './page.ts';

/** Room for the chart, too. */
test.use({ viewport: LAPTOP });

const NAMES = ['linux-2.4.20', 'linux-2.6.10', 'linux-6.1'];
const ERAS = 'run=three-eras&compare=linux-2.6.10&compare=linux-6.1';
const TWICE = 'run=double-free&compare=linux-2.6.10&compare=linux-6.1';
/** Behind the first request for 512 pages. */
const ASKED = 1953;

/** Waits until all sides are shown at this place, and all of the run is compared. */
async function all(page: Page, entry: number, inner: readonly number[] = [0, 0, 0]): Promise<void> {
  await at(page, entry, inner[0]);
  await expect(page.locator('html')).toHaveAttribute('data-other', [entry, ...inner.slice(1)].join('.'), {
    timeout: 30_000,
  });
}

const chart = (page: Page) => page.locator('pf-fragmentation');
const values = (page: Page, line: 0 | 1) => chart(page).locator('.caption').nth(line).locator('span > b');

test('one workload in three kernels: large requests fail in two, and the page shows why', async ({ page, context }) => {
  await open(page);
  await choose(page, 'The same workload in three kernels');
  await all(page, 0);
  await expect(page.locator('pf-map')).toHaveCount(3);
  await expect(page.locator('main > h2')).toHaveText(NAMES);
  await expect(strip(page)).toHaveCount(1);
  await page.getByRole('spinbutton', { name: 'Operation' }).fill(String(ASKED));
  await page.keyboard.press('Enter');
  await all(page, ASKED);
  for (const side of [0, 1] as const) {
    await expect(said(page, side)).toContainText('The caller gets NULL');
    await expect(said(page, side)).toContainText(`${NAMES[side]} has no __GFP_MOVABLE and passes it over.`);
  }
  await expect(said(page, 2)).toContainText(/The caller gets 0x[0-9a-f]+/);
  await expect(here(page).getByRole('listitem').first()).toContainText(
    'The same call ends otherwise: linux-2.4.20 gives NULL; linux-6.1 gives 0x',
  );
  await expect(values(page, 0)).toHaveText(['1.00', '1.00', '0.05']);
  await expect(values(page, 1)).toHaveText(['48', '48', '2']);
  await expect(chart(page)).toContainText('linux-6.1 gathers such pages in pageblocks of their own');
  await expect(chart(page).getByRole('img').first()).toHaveAttribute(
    'aria-label',
    /order 9: linux-2\.4\.20: 1\.00 of the free pages unusable, 48.mixed blocks; .+ linux-6\.1: 0\.05 .+, 2.mixed blocks\./,
  );
  await chart(page).getByRole('combobox', { name: 'Order' }).selectOption('5');
  await expect(values(page, 0).first()).not.toHaveText('1.00');
  await expect.poll(() => page.url()).toContain(`${ERAS}&step=${ASKED}`);
  const other = await context.newPage();
  await other.goto(page.url());
  await all(other, ASKED);
  await expect(said(other, 2)).toHaveText((await said(page, 2).textContent()) ?? '');
  await button(page, 'To the end').click();
  await all(page, 2627);
  for (const side of [0, 1, 2] as const) await expect(said(page, side)).toContainText(/The caller gets 0x[0-9a-f]+/);
  await expect(values(page, 1)).toHaveText(['0', '0', '0']);
});

for (const [width, height] of [
  [1440, 900],
  [1160, 800],
] as const)
  test(`three sides have room for their sentences and legends: ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, `${ERAS}&step=1295`);
    await all(page, 1295);
    await expect(said(page, 0)).toContainText('It is split 3 times');
    const cut = (part: string): Promise<number> =>
      page.locator(part).evaluate((one) => Math.max(0, one.scrollHeight - one.clientHeight));
    for (const side of [0, 1, 2]) await expect.poll(() => cut(`pf-sentence.said${side} .sentence`)).toBe(0);
    for (const side of [0, 1]) await expect.poll(() => cut(`pf-map.map${side} [part=legends]`)).toBe(0);
  });

test('inside an operation each of the three has steps of its own', async ({ page }) => {
  await open(page, `${TWICE}&step=9`);
  await all(page, 9);
  await page.keyboard.press('ArrowDown');
  await all(page, 9, [1, 1, 1]);
  const facing = page.getByRole('group', { name: 'The panels show' });
  for (const [side, inner] of [
    [1, [1, 2, 1]],
    [2, [1, 2, 2]],
    [0, [2, 2, 2]],
  ] as const) {
    await page.keyboard.press('x');
    await expect(facing.getByRole('button', { name: NAMES[side], exact: true })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await page.keyboard.press('ArrowDown');
    await all(page, 9, inner);
  }
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowUp');
  await all(page, 9, [2, 2, 1]);
  await expect.poll(() => page.url()).toContain('side=3&step=9.2.2.1');
  await page.reload();
  await all(page, 9, [2, 2, 1]);
  await page.keyboard.press('ArrowRight');
  await all(page, 10);
});

test('a page freed twice: nothing, BUG, a bad page and a torn list, from the menu in one click', async ({ page }) => {
  await open(page);
  await choose(page, 'A page freed twice, in three kernels');
  await all(page, 0);
  for (let entry = 1; entry <= 4; entry++) await page.keyboard.press('ArrowRight');
  await all(page, 4);
  await expect(here(page)).toContainText('linux-2.6.10 stops with BUG(): __free_pages: page count is already zero');
  await expect(said(page, 0)).toContainText('falls from 0 to −1');
  await expect(said(page, 2)).toContainText('falls from 0 to −1');
  for (let entry = 5; entry <= 11; entry++) await page.keyboard.press('ArrowRight');
  await all(page, 11);
  await expect(here(page)).toContainText('linux-6.1 complains of a bad frame');
  for (let entry = 12; entry <= 13; entry++) await page.keyboard.press('ArrowRight');
  await all(page, 13);
  await expect(here(page)).toContainText('linux-6.1 stops with BUG(): list_add: double add');
});

test('what if: the same run on another machine, by keyboard, and the link holds it', async ({ page }) => {
  await open(page, 'run=double-free&step=4');
  await beside(page).focus();
  await beside(page).press('End');
  const dialog = page.getByRole('dialog', { name: 'Compare with the run on another machine' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('pf-map')).toHaveCount(1);
  await beside(page).selectOption({ label: '↔ another machine…' });
  await dialog.getByRole('button', { name: '64 MiB PC' }).focus();
  await page.keyboard.press('Enter');
  await all(page, 4, [0, 0]);
  await expect(page.locator('main > h2')).toHaveText([/^linux-2\.4\.20 \(16.MiB\)$/, /^linux-2\.4\.20 \(64.MiB\)$/]);
  await expect(beside(page).locator('option:checked')).toHaveText('↔ 64 MiB PC');
  await expect.poll(() => page.url()).toContain('#run=double-free&compare=@pc-64&step=4');
  await page.reload();
  await expect(page.locator('pf-map')).toHaveCount(2);
  await expect(page.locator('html')).toHaveAttribute('data-other', '4.0');
  await expect(page.locator('pf-differences .all li').first()).toContainText(/linux-2\.4\.20 \(64.MiB\)/);
});

test('what if: another kernel and another machine at once', async ({ page }) => {
  await open(page, `run=double-free&compare=linux-6.1@pc-1024&compare=@numa-2x32&step=4`);
  await all(page, 4);
  await expect(page.locator('main > h2')).toHaveText([
    /^linux-2\.4\.20 \(16.MiB\)$/,
    /^linux-6\.1 \(1.GiB\)$/,
    /^linux-2\.4\.20 \(64.MiB, 2 nodes\)$/,
  ]);
});

test('a run that cannot be carried out there stays as it is, and the page says why', async ({ page }) => {
  await open(page, TWICE);
  await all(page, 0);
  const lines = [
    { format: 'pageframe-run/1', kernel: 'linux-2.6.10', machine: { nodes: [{ start_pfn: 0, pages: 1024 }] }, cpus: 2 },
    { op: 'boot' },
    { op: 'alloc_page', gfp: 'GFP_KERNEL', cpu: 1 },
  ];
  await openFiles(page, { 'own.jsonl': lines.map((line) => JSON.stringify(line)).join('\n') });
  await all(page, 0, [0, 0]);
  await expect(page.locator('pf-map')).toHaveCount(2); // its own kernel is no other
  await beside(page).selectOption({ label: '↔ another machine…' });
  await page.getByRole('dialog').getByRole('button', { name: '16 MiB PC' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This run cannot be carried out there');
  await expect(alert).toContainText('own.jsonl:3: field "cpu": expected a CPU from 0 to 0, found 1');
  await expect(page.locator('pf-map')).toHaveCount(2);
  await expect(beside(page)).toHaveValue('linux-6.1');
});

test('in Russian, without a word of English', async ({ page }) => {
  await open(page, `${ERAS}&step=${ASKED}&lang=ru`);
  await all(page, ASKED);
  await expect(chart(page)).toContainText('Смешанные блоки');
  for (const part of [chart(page).locator('.why'), here(page), said(page, 0), said(page, 2)]) {
    const text = await part.innerText();
    expect(text).toMatch(/[а-я]{4}/);
    expect(text).not.toMatch(/\b(the|of|and|frame|block|list|has|no)\b/);
  }
  await expect(said(page, 0)).toContainText('В linux-2.4.20 нет __GFP_MOVABLE: это указание оставлено без внимания.');
});

for (const theme of ['light', 'dark'])
  for (const size of ['laptop', 'phone'])
    test(`axe finds nothing: ${size}, ${theme}`, async ({ page }) => {
      if (size === 'phone') await page.setViewportSize(PHONE);
      await open(page, `${ERAS}&step=${ASKED}&theme=${theme}&chart=on`);
      await all(page, ASKED);
      await expect(chart(page)).toBeVisible();
      await axe(page);
      await fits(page);
      const maps = await page
        .locator('pf-map')
        .evaluateAll((each) => each.map((one) => [one.getBoundingClientRect().left, one.getBoundingClientRect().top]));
      const [lefts, tops] = [maps.map(([left]) => left), maps.map(([, top]) => top)];
      const [same, rising] = size === 'phone' ? [lefts, tops] : [tops, lefts];
      expect(new Set(same).size).toBe(1);
      expect(new Set(rising).size).toBe(3);
      expect(rising).toEqual([...rising].sort((a = 0, b = 0) => a - b));
    });

test('everything of it is reached by Tab', async ({ page }) => {
  await open(page, `${TWICE}&step=4&chart=on`);
  await all(page, 4);
  await expect(chart(page)).toBeVisible();
  await button(page, 'To the beginning').focus();
  const order = chart(page).getByRole('combobox', { name: 'Order' });
  for (let i = 0; i < 6 && !(await order.evaluate((one) => one.matches(':focus'))); i++)
    await page.keyboard.press('Shift+Tab');
  await expect(order).toBeFocused();
  await page.locator('pf-run-menu .open').focus();
  const seen = await tabbed(page, (name) => name === 'linux-6.1', 160);
  expect(seen.filter((name) => name.includes('Page map'))).toHaveLength(3);
  expect(seen).toContain('linux-6.1');
});
