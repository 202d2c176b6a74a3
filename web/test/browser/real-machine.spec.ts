/** A state taken from a real machine: what would it do next, and what nobody told of it. */
import { at, axe, button, choose, expect, LAPTOP, length, open, PHONE, sentence, test, unfold } from './page.ts';

const NAMES = { en: 'A real machine, from /proc', ru: 'Настоящая машина, из /proc' };

test('it goes on, and the page says in both languages what was not told', async ({ page }) => {
  await open(page);
  await choose(page, NAMES.en);
  await expect(page.locator('pf-run-menu .open')).toContainText(NAMES.en);
  await expect(sentence(page)).toContainText('65 501 page frames of 4 KiB in the state that the run begins with');
  await expect(sentence(page)).toContainText('The order within the lists was not told');
  await expect(sentence(page)).toContainText('Which pageblock has which type was not told');
  await expect(sentence(page)).toContainText('Which frames lie on per-CPU lists was not told');
  const lists = page.locator('pf-structures');
  await expect(lists).toContainText('blocks stand by rising address');
  await expect(page.locator('.troubles')).toContainText('Nothing is wrong.');
  await page.keyboard.press('End');
  await at(page, await length(page));
  await expect(sentence(page)).not.toContainText('was not told');
  await expect(lists).toContainText('The order within the lists was not told');
  await expect(page.locator('.troubles')).toContainText('Nothing is wrong.');
  await button(page, 'RU').click();
  await expect(lists).toContainText('Порядок внутри списков неизвестен');
  await page.keyboard.press('Home');
  await expect(sentence(page)).toContainText('Какие кадры лежат в списках процессоров, неизвестно');
});

test('a state is compared with nothing but its own past', async ({ page }) => {
  await open(page, 'run=real-machine&step=5');
  await expect(page.locator('pf-compare')).toHaveCount(0);
  await page.keyboard.press('ArrowLeft');
  await at(page, 4);
  await button(page, 'Call').click();
  await page.locator('pf-call-box').getByRole('button', { name: 'Make the call' }).click();
  await at(page, 5);
  await expect(page.locator('pf-compare option')).toHaveText([/^Compare with/, /before/]);
  await page.locator('pf-compare select').selectOption('before');
  await expect(page.locator('h2.name1')).toHaveText('The earlier run');
  await expect(page.locator('pf-differences')).toContainText('Another call');
});

test('the fifth request takes memory of another type', async ({ page }) => {
  await open(page, 'run=real-machine&step=5');
  await at(page, 5);
  await expect(sentence(page)).toContainText('its first block, 0x3400–0x37ff');
  await expect(page.locator('pf-steps')).toContainText('pageblock');
});

for (const [scheme, viewport] of [
  ['light', PHONE],
  ['dark', LAPTOP],
] as const)
  test(`axe finds nothing in it, ${scheme}, ${viewport.width} wide`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize(viewport);
    await open(page, 'run=real-machine');
    await unfold(page, 'main details:not(.text)');
    await expect(page.locator('pf-structures')).toContainText('blocks stand by rising address');
    await axe(page);
  });
