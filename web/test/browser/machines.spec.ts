import type { Page } from '@playwright/test';
import { at, axe, button, choose, expect, fits, length, open, PHONE, sentence, test, text, unfold } from './page.ts';

const openChooser = (page: Page) => page.locator('pf-machine .open').click();

test('a preset makes a run of it, and its link shows the same', async ({ page, context }) => {
  await open(page);
  await openChooser(page);
  await button(page, '64 MiB PC').click();
  await expect.poll(() => length(page)).toBe(3);
  await expect(page.locator('pf-machine .open')).toContainText('64 MiB PC');
  await page.keyboard.press('End');
  await at(page, 3);
  await expect.poll(() => page.url()).toContain('machine=pc-64');
  await expect.poll(() => page.url()).toContain('step=3');
  const other = await context.newPage();
  await other.goto(page.url());
  await at(other, 3);
  await expect(sentence(other)).toHaveText(await text(sentence(page)));
  await expect(other.locator('pf-watermarks')).toContainText('Normal');
});

test('a run that boots and names its allocations goes along', async ({ page }) => {
  await open(page, 'run=misuse');
  const total = await length(page);
  await openChooser(page);
  await button(page, '16 MiB PC').click();
  await expect(page.locator('pf-machine .open')).toContainText('16 MiB PC');
  await at(page, 0);
  expect(await length(page)).toBe(total);
  await expect.poll(() => page.url()).toContain('run=misuse&machine=pc-16');
  await page.goto('./#run=misuse');
  await expect(page.locator('pf-machine .open')).toContainText('1 MiB');
});

test('a machine of my own: errors stand at their fields, and then it starts', async ({ page }) => {
  await open(page);
  await openChooser(page);
  const size = page.locator('input[name="nodes.0.size"]');
  await size.fill('5 apples');
  await button(page, 'Start this machine').click();
  await expect(page.getByText('found "5 apples"')).toBeVisible();
  await expect(size).toBeFocused();
  await expect(size).toHaveAttribute('aria-invalid', 'true');
  await size.fill('2 MiB');
  await button(page, 'Add a node').click();
  await page.locator('input[name="nodes.1.start"]').fill('1 MiB');
  await page.locator('input[name="nodes.1.size"]').fill('2 MiB');
  await button(page, 'Start this machine').click();
  await expect(page.getByText('at least the end of the node before')).toBeVisible();
  await page.locator('input[name="nodes.1.start"]').fill('32 MiB');
  await button(page, 'Start this machine').click();
  await expect(page.locator('pf-machine .open')).toContainText('2 nodes');
  await page.keyboard.press('End');
  await at(page, 3);
  await expect(page.locator('pf-map .over text')).toHaveCount(2);
  await expect.poll(() => page.url()).toContain('machine=0+200,2000+200;0+1000&step=3');
  await page.reload();
  await at(page, 3);
  await expect(page.locator('pf-machine .open')).toContainText('2 nodes');
});

test('the chooser and the menu by keyboard: Escape closes, the focus comes back', async ({ page }) => {
  await open(page);
  const machine = page.locator('pf-machine .open');
  await machine.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(machine).toBeFocused();
  const menu = page.locator('pf-run-menu .open');
  await menu.focus();
  await page.keyboard.press('Enter');
  await expect(menu).toHaveAttribute('aria-expanded', 'true');
  await expect(button(page, 'Boot, and eight pages').last()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Boot, and eight pages').last()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('run=three-zones');
  await expect(menu).toContainText('Three zones');
  await expect(menu).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(button(page, 'Three zones and their watermarks').last()).toBeFocused();
  await page.keyboard.press('Escape');
  await machine.focus();
  await page.keyboard.press('Enter');
  await expect(button(page, 'linux-2.4.20')).toBeFocused();
  const small = button(page, '16 MiB PC');
  for (let i = 0; i < 12 && !(await small.evaluate((one) => one.matches(':focus'))); i++)
    await page.keyboard.press('Tab');
  await expect(small).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(machine).toContainText('16 MiB PC');
  await expect(machine).toBeFocused();
});

test('what the kernel did not notice is told and marked', async ({ page }) => {
  await open(page, 'run=misuse&step=4');
  await expect(page.locator('.panel.troubles')).toContainText('Nothing is wrong.');
  await page.keyboard.press('ArrowRight');
  await at(page, 5);
  await expect(page.locator('pf-troubles li.new')).toContainText('count below zero');
  await page.goto('./#run=misuse&step=16');
  await at(page, 16);
  await expect(page.locator('pf-troubles li.new')).toContainText('two owners');
  await expect(sentence(page)).toContainText('The kernel does not notice: frame 0xb has two owners');
  await expect(page.locator('pf-map [part=legend]')).toContainText('has two owners');
  await page.locator('pf-troubles .link').first().click();
  await expect(page.locator('pf-inspector')).toContainText('while somebody else still held it');
  await page.getByRole('tab', { name: 'Counts' }).click();
  await expect(page.locator('pf-references')).toContainText('−1');
});

test('free lists and pair bits follow the operation until a zone is picked', async ({ page }) => {
  await open(page, 'run=three-zones&step=4');
  const title = page.locator('pf-free-lists h2');
  await expect(title).toContainText('HighMem');
  await page.keyboard.press('ArrowRight');
  await page.goto('./#run=three-zones&step=8');
  await at(page, 8);
  await expect(title).toContainText('Normal');
  await page.locator('pf-structures .zones').getByRole('button', { name: 'DMA' }).click();
  await expect(title).toContainText('DMA');
  await page.locator('main').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('ArrowRight');
  await at(page, 9);
  await expect(title).toContainText('DMA');
  await page.getByRole('tab', { name: 'Free lists' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('pf-pair-bits h2')).toContainText('Pair bits of DMA');
});

for (const theme of ['light', 'dark'])
  for (const size of ['laptop', 'phone'])
    test(`axe finds nothing in the new parts: ${size}, ${theme}`, async ({ page }) => {
      if (size === 'phone') await page.setViewportSize(PHONE);
      await open(page, `run=misuse&step=27&theme=${theme}`);
      if (size === 'phone') await unfold(page);
      for (const tab of ['Pair bits', 'Counts']) {
        await page.getByRole('tab', { name: tab }).click();
        await axe(page);
      }
      await page.goto(`./#run=two-nodes&step=8&theme=${theme}`);
      await at(page, 8);
      await axe(page);
      await page.locator('pf-run-menu .open').click();
      await axe(page);
      await page.keyboard.press('Escape');
      await openChooser(page);
      await page.locator('input[name="nodes.0.size"]').fill('x');
      await button(page, 'Start this machine').click();
      await axe(page);
      await fits(page);
    });

for (const run of ['three-zones', 'two-nodes', 'misuse'])
  test(`${run} plays to its end`, async ({ page }) => {
    await open(page);
    await choose(
      page,
      {
        'three-zones': 'Three zones and their watermarks',
        'two-nodes': 'Two nodes',
        misuse: 'Misuse: what the kernel does not notice',
      }[run] ?? '',
    );
    await expect.poll(() => page.url()).toContain(`run=${run}`);
    const total = await length(page);
    for (let entry = 1; entry <= total; entry++) {
      await page.keyboard.press('ArrowRight');
      await at(page, entry);
      await fits(page);
    }
  });
