import { at, button, expect, length, open, picture, sentence, strip, test, text } from './page.ts';

test('the example is there without a click, at its beginning, and does not play', async ({ page }) => {
  await open(page);
  await at(page, 0);
  expect(await length(page)).toBeGreaterThan(8);
  await expect(sentence(page)).toContainText('Nothing has happened yet');
  await page.waitForTimeout(1300);
  await at(page, 0);
  expect(new URL(page.url()).hash).toBe('');
});

test('by buttons: every operation has a sentence, and the map follows', async ({ page }) => {
  await open(page);
  const total = await length(page);
  const seen = new Set<string>();
  const pictures = new Set([await picture(page)]);
  for (let entry = 1; entry <= total; entry++) {
    await button(page, 'Step').click();
    await at(page, entry);
    await expect(sentence(page)).toHaveText(/.{20}/);
    seen.add(await text(sentence(page)));
    pictures.add(await picture(page));
  }
  expect(seen.size).toBe(total);
  expect(pictures.size).toBeGreaterThan(total / 2);
  await expect(button(page, 'Step')).toHaveAttribute('aria-disabled', 'true');
  await button(page, 'To the beginning').click();
  await at(page, 0);
  expect(await picture(page)).toBe([...pictures][0]);
});

test('by keyboard alone, there and back', async ({ page }) => {
  await open(page);
  const total = await length(page);
  for (let entry = 1; entry <= total; entry++) {
    await page.keyboard.press(entry % 2 ? 'ArrowRight' : 'l');
    await at(page, entry);
  }
  await page.keyboard.press('ArrowLeft');
  await at(page, total - 1);
  await page.keyboard.press('h');
  await at(page, total - 2);
  await page.keyboard.press('Home');
  await at(page, 0);
  await page.keyboard.press('End');
  await at(page, total);
});

test('into an operation and back', async ({ page }) => {
  await open(page, 'step=1');
  await page.keyboard.press('ArrowDown');
  await at(page, 1, 1);
  await button(page, 'Step into').click();
  await at(page, 1, 2);
  const current = page.locator('pf-steps li[aria-current=step]');
  await expect(current).toHaveCount(1);
  await expect(current.locator('.number')).toHaveText('2');
  await page.keyboard.press('ArrowUp');
  await at(page, 1, 1);
  await page.locator('pf-steps .number').nth(3).click();
  await at(page, 1, 4);
  await page.keyboard.press('ArrowLeft');
  await at(page, 1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await at(page, 2);
});

test('into, until the operation is done', async ({ page }) => {
  await open(page, 'step=1');
  for (let i = 0; i < 200 && (await page.locator('html').getAttribute('data-place')) !== '2.0'; i++) {
    const before = await page.locator('html').getAttribute('data-place');
    await page.keyboard.press('j');
    await expect(page.locator('html')).not.toHaveAttribute('data-place', before ?? '');
  }
  await at(page, 2);
});

test('jump to an operation by its number', async ({ page }) => {
  await open(page);
  const number = page.getByRole('spinbutton', { name: /Operation/ });
  await number.fill('7');
  await number.press('Enter');
  await at(page, 7);
  await number.fill('99999');
  await number.press('Enter');
  await at(page, await length(page));
  await number.fill('');
  await number.press('Tab');
  await expect(number).toHaveValue(String(await length(page)));
  await at(page, await length(page));
});

test('the key that leads to the number of an operation leads back with Enter and Escape', async ({ page }) => {
  await open(page);
  const number = page.getByRole('spinbutton', { name: /Operation/ });
  const map = page.locator('pf-map .space > canvas');
  await map.focus();
  await page.keyboard.press('g');
  await expect(number).toBeFocused();
  await page.keyboard.type('7');
  await page.keyboard.press('Enter');
  await at(page, 7);
  await expect(map).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.type('3');
  await page.keyboard.press('Escape');
  await expect(map).toBeFocused();
  await expect(number).toHaveValue('7');
  await page.keyboard.press('l');
  await at(page, 8);
});

test('the strip of time is a slider, and can be clicked', async ({ page }) => {
  await open(page);
  const time = strip(page);
  await time.focus();
  await page.keyboard.press('ArrowRight');
  await at(page, 1);
  await expect(time).toHaveAttribute('aria-valuenow', '1');
  await expect(time).toHaveAttribute('aria-valuetext', /Operation 1 of \d+\. .{20}/);
  await page.keyboard.press('End');
  await at(page, await length(page));
  const box = await time.boundingBox();
  if (!box) throw new Error('no strip');
  await page.mouse.click(box.x + 2, box.y + box.height / 2);
  await at(page, 0);
});

test('play and pause, at a speed', async ({ page }) => {
  await open(page);
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('20');
  await button(page, 'Play').click();
  await expect(button(page, 'Pause')).toBeVisible();
  await at(page, await length(page));
  await expect(button(page, 'Play')).toBeVisible();
  await page.keyboard.press('Home');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('5');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Space');
  await expect(page.locator('html')).toHaveAttribute('data-place', /^[2-9]\.0$/);
  await page.keyboard.press('Space');
  await expect(button(page, 'Play')).toBeVisible();
  const place = await page.locator('html').getAttribute('data-place');
  await page.waitForTimeout(600);
  await expect(page.locator('html')).toHaveAttribute('data-place', place ?? '');
});

test('BUG() is on the console, red in the strip, and leads back to its operation', async ({ page }) => {
  await open(page);
  await expect(page.locator('.panel.console')).toContainText('nothing to say');
  await page.keyboard.press('End');
  await at(page, await length(page));
  const line = page.locator('pf-console li').first();
  await expect(line).toContainText('free_bootmem: page is already free');
  await line.getByRole('button', { name: /^operation/ }).click();
  await expect(sentence(page)).toContainText('BUG()');
});

test('free lists, boot bitmap and watermarks follow', async ({ page }) => {
  await open(page, 'step=2');
  await expect(page.locator('pf-boot-bitmap svg')).toBeVisible();
  await expect(page.locator('.panel.lists')).toContainText('No free lists yet');
  await page.keyboard.press('End');
  await at(page, await length(page));
  await expect(page.locator('pf-boot-bitmap svg')).toHaveCount(0);
  await expect(page.getByRole('toolbar', { name: /^order 9, \d+ blocks?$/ })).toContainText(/[0-9a-f]+/);
  await expect(page.locator('pf-watermarks')).toContainText(/\d free; min \d+, low \d+, high \d+/);
  await expect(page.locator('pf-free-lists .block.new')).not.toHaveCount(0);
});

test('frames that a sentence names are shown on the map, and looked at', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await at(page, await length(page));
  const link = sentence(page).getByRole('button').first();
  await link.hover();
  await expect(page.locator('pf-map .marked')).toHaveCount(1);
  await page.mouse.move(5, 5);
  await expect(page.locator('pf-map .marked')).toHaveCount(0);
  await link.click();
  await expect(page.locator('pf-inspector')).toContainText(/Frame 0x[0-9a-f]+/);
  await expect(page.locator('pf-inspector')).toContainText('physical');
  await expect(page.locator('pf-inspector')).toContainText('history');
  await expect(page.locator('pf-map .cursor')).toHaveCount(1);
});

test('the map by keyboard and by pointer', async ({ page }) => {
  await open(page, 'step=3');
  const map = page.getByRole('application');
  await map.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x0');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('End');
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x3ff');
  await at(page, 3);
  await map.hover({ position: { x: 56, y: 5 } });
  await expect(page.locator('pf-inspector h2')).toHaveText('Frame 0x0');
  await map.press('Escape');
  await expect(page.locator('.panel.inspector')).toContainText('Point at a frame');
});

test('the map in words', async ({ page }) => {
  await open(page, 'step=3');
  await page.getByText('The map in words').click();
  const rows = page.locator('pf-map-text tbody tr');
  await expect(rows.first()).toContainText('free at boot');
  await expect(rows).not.toHaveCount(1);
});

test('the list of keys', async ({ page }) => {
  await open(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await at(page, 0);
});

test('while boot memory is searched, the bitmap shows the places looked at, and says what came of it', async ({
  page,
}) => {
  await open(page, 'step=10');
  const bitmap = page.locator('pf-boot-bitmap');
  await expect(bitmap.locator('.window')).not.toHaveCount(0);
  await expect(bitmap.locator('.window.last.fits')).not.toHaveCount(0);
  await expect(bitmap.locator('p')).toHaveText(
    /^The search begins at bit 0x[0-9a-f]+.* and needs .*It fits at 0x[0-9a-f]+\.$/,
  );
  await expect(bitmap.locator('.one').first()).toBeVisible();
  await expect(bitmap.locator('.zero').first()).toBeVisible();
  await open(page, 'step=3');
  await expect(bitmap.locator('svg')).toBeVisible();
  await expect(bitmap.locator('.window')).toHaveCount(0);
});
