import type { Page } from '@playwright/test';
import { at, axe, button, expect, fits, length, open, PHONE, sentence, test, text, unfold } from './page.ts';

const chooser = (page: Page) => page.locator('pf-machine .open');
const perCpu = (page: Page) => page.locator('pf-per-cpu-lists');

test('the opening example on the other kernel: the link holds it, and the way back is open', async ({
  page,
  context,
}) => {
  await open(page);
  const total = await length(page);
  await expect(chooser(page)).toContainText('linux-2.4.20');
  await chooser(page).click();
  await expect(button(page, 'linux-2.4.20')).toHaveAttribute('aria-pressed', 'true');
  await button(page, 'linux-2.6.10').click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(chooser(page)).toContainText('linux-2.6.10');
  await expect(chooser(page)).toBeFocused();
  expect(await length(page)).toBe(total);
  await page.keyboard.press('End');
  await at(page, total);
  await expect(perCpu(page)).toContainText('Hot');
  await expect.poll(() => page.url()).toContain('kernel=linux-2.6.10');
  await expect.poll(() => page.url()).toContain(`step=${total}`);
  const other = await context.newPage();
  await other.goto(page.url());
  await at(other, total);
  await expect(chooser(other)).toContainText('linux-2.6.10');
  await expect(sentence(other)).toHaveText(await text(sentence(page)));
  await chooser(page).click();
  await button(page, 'linux-2.4.20').click();
  await at(page, 0);
  await expect(chooser(page)).toContainText('linux-2.4.20');
  await expect.poll(() => page.url()).not.toContain('kernel=');
});

test('a run that cannot go along says why, and a machine starts on the kernel picked', async ({ page }) => {
  await open(page, 'run=three-zones&step=3');
  await chooser(page).click();
  await button(page, 'linux-2.6.10').click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('it stays on linux-2.4.20');
  await button(page, '64 MiB PC with two CPUs').click();
  await expect(chooser(page)).toContainText('linux-2.6.10');
  await expect(chooser(page)).toContainText('64 MiB PC with two CPUs');
  await page.keyboard.press('End');
  await at(page, 3);
  await expect(perCpu(page)).toContainText('CPU 1, cold');
  await expect.poll(() => page.url()).toContain('machine=smp-64&kernel=linux-2.6.10');
});

test('a flag that a kernel lacks is the error, and what was open stays', async ({ page }) => {
  await open(page, 'run=full-hot-list&step=4');
  await chooser(page).click();
  await button(page, 'linux-2.4.20').click();
  await expect(page.getByRole('alert')).toContainText(
    'full-hot-list.jsonl:9: field "gfp": expected flag names of linux-2.4.20, found "__GFP_NORETRY"',
  );
  await button(page, 'Close').last().click();
  await expect(chooser(page)).toContainText('linux-2.6.10');
  await at(page, 4);
  expect(page.url()).not.toContain('kernel=');
});

test('a machine of my own with CPUs and 64 bits, where the kernel can have them', async ({ page }) => {
  await open(page, 'run=two-cpus');
  await chooser(page).click();
  const cpus = page.locator('input[name=cpus]');
  await cpus.fill('0');
  await button(page, 'Start this machine').click();
  await expect(page.getByText('Expected a number from 1 to 256, found "0".')).toBeVisible();
  await expect(cpus).toBeFocused();
  await cpus.fill('3');
  await page.locator('select[name=bits]').selectOption('64');
  await button(page, 'Start this machine').click();
  await expect.poll(() => page.url()).toContain('machine=0+800;0+1000;3x64');
  await page.keyboard.press('ArrowRight');
  await at(page, 1);
  await expect(perCpu(page)).toContainText('2 more CPUs have no frames here.');
  await page.goto('./#run=three-zones');
  await expect(chooser(page)).toContainText('linux-2.4.20');
  await chooser(page).click();
  await expect(page.locator('input[name=cpus]')).toHaveCount(0);
});

test('a machine of my own past 4 GiB, where the kernel has 64 bits and no other', async ({ page }) => {
  await open(page);
  await chooser(page).click();
  const size = page.locator('input[name="nodes.0.size"]');
  await size.fill('5 GiB');
  await button(page, 'Start this machine').click();
  await expect(page.getByText('Expected an end of at most 4 GiB, found a size of "5 GiB".')).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await open(page, 'run=three-eras&kernel=linux-6.1');
  await page.reload();
  await chooser(page).click();
  await size.fill('5 GiB');
  await button(page, 'Start this machine').click();
  await expect(chooser(page)).toContainText('5 GiB');
  await expect.poll(() => page.url()).toContain('machine=0+140000;0+1000;1x64');
  await page.keyboard.press('ArrowRight');
  await at(page, 1);
  await expect(page.locator('pf-watermarks')).toContainText('Normal');
});

test('per-CPU lists: what an operation did, which frame is next, and what the inspector says of it', async ({
  page,
}) => {
  await open(page, 'run=hot-and-cold&step=21');
  await expect(perCpu(page)).toContainText('gave back 2, took in 1');
  await expect(perCpu(page).getByRole('img', { name: /^CPU 0, hot: 0x1062, / })).toBeVisible();
  await perCpu(page).locator('.link').first().click();
  await expect(page.locator('pf-inspector')).toContainText('Number 1 of 11 on the hot list of CPU 0');
  await page.goto('./#run=hot-and-cold&step=3');
  await at(page, 3);
  await expect(perCpu(page)).toContainText('fetched 2, handed out 1');
  await page.goto('./#run=misuse-caught&step=19');
  await at(page, 19);
  await expect(perCpu(page)).toContainText('its counter says 6');
  await expect(perCpu(page)).toContainText('the list runs in a circle');
  await page.goto('./#run=misuse');
  await expect(chooser(page)).toContainText('linux-2.4.20');
  await page.keyboard.press('End');
  await expect(perCpu(page)).toHaveText('');
});

test('a frame freed on CPU 1 is on its list, marked on the map, and the call says who made it', async ({ page }) => {
  await open(page, 'run=two-cpus&step=4');
  await expect(chooser(page)).toContainText('1 MiB, 2 CPUs');
  await expect(page.locator('pf-sentence .code')).toContainText('/* CPU 1 */');
  await expect(perCpu(page)).toContainText('took in 1');
  await expect(page.locator('pf-map [part=legend]')).toContainText("free, on a CPU's list");
});

test('watermarks of 2.6: protection, settings, and the test with its arithmetic', async ({ page }) => {
  await open(page, 'run=protection&step=14');
  const marks = page.locator('pf-watermarks');
  await expect(marks).toContainText('lower_zone_protection 4');
  await expect(marks.locator('.kept b').first()).toHaveText('108');
  await expect(marks).toContainText('162 = 22 (its min mark) + 32 (the request) + 108 (its protection)');
  await page.goto('./#run=three-zones&step=4');
  await expect(marks).toContainText('the request');
  await expect(marks).not.toContainText('lower_zone_protection');
});

for (const theme of ['light', 'dark'])
  for (const size of ['laptop', 'phone'])
    test(`axe finds nothing: ${size}, ${theme}`, async ({ page }) => {
      if (size === 'phone') await page.setViewportSize(PHONE);
      await open(page, `run=misuse-caught&step=19&theme=${theme}`);
      if (size === 'phone') await unfold(page);
      await axe(page);
      await page.goto(`./#run=protection&step=14&theme=${theme}`);
      await at(page, 14);
      await axe(page);
      await chooser(page).click();
      await axe(page);
      await fits(page);
    });

for (const run of ['hot-and-cold', 'two-cpus', 'full-hot-list', 'protection', 'misuse-caught'])
  test(`${run} plays to its end, in Russian, too`, async ({ page }) => {
    await open(page, `run=${run}&lang=ru`);
    const total = await length(page);
    for (let entry = 1; entry <= total; entry++) {
      await page.keyboard.press('ArrowRight');
      await at(page, entry);
      await fits(page);
    }
  });
