import type { Page } from '@playwright/test';
import { at, expect, open, test, unfold } from './page.ts';

/**
 * English that is left in what people read or hear, wherever it stands. Not told apart by language: code, the kernel's own names,
 * what the kernel printed, and the language's own button.
 */
async function leftInEnglish(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const OWN = 'code, kbd, [part=code], .code, [lang=en], pf-code ol, option, .file, script, style';
    const WORDS =
      /(?<![\w_\-/.(@])(the|of|and|with|from|for|this|that|is|are|has|was|not|no|none|nothing|frame|frames|page|pages|block|blocks|order|zone|node|list|lists|open|close|call|run|step|play|speed|compare|share|copy|link|machine|operation|operations|free|reserved|allocated|lost|size|count|counts|state|search|bits|type|types|settings|panel|keys|chart|zoom|more|back|next|previous|first|last|marked|kernel)(?![\w_\-/)=(])/i;
    // Keys by what stands on them, arguments and fields by their names, terms beside their translation, what the kernel printed.
    const NAMES = /Page (Up|Down)|\b\w+ = |\b(next|prev): |\([a-z ]+ index\)|(BUG\(\)|Oops): [^.]*\./g;
    const found = new Set<string>();
    const take = (text: string | null, where: Element): void => {
      const said = text?.replace(/\s+/g, ' ').replace(NAMES, '').trim() ?? '';
      if (WORDS.test(said)) found.add(`${where.localName}: ${said.slice(0, 90)}`);
    };
    const within = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) within(element.shadowRoot);
        if (element.closest(OWN)) continue;
        for (const name of ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'placeholder', 'alt'])
          take(element.getAttribute(name), element);
        for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) take(child.textContent, element);
      }
    };
    within(document);
    return [...found];
  });
}

const VIEWS = [
  ['step=3&frame=180', 3],
  ['run=three-zones&step=12&frame=80&chart=on&map=quilt', 12],
  ['run=misuse&step=27&frame=b', 27],
  ['run=hot-and-cold&step=21&show=call,code', 21],
  ['run=three-eras&kernel=linux-6.1&map=quilt&step=400&frame=1000', 400],
  ['run=two-nodes&step=8', 8],
  ['run=boot-idle&step=600', 600],
] as const;

for (const [fragment, entry] of VIEWS)
  test(`the Russian page has no English in it: ${fragment}`, async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 1000 });
    await open(page, `${fragment}&lang=ru`);
    await at(page, entry);
    await unfold(page);
    if (fragment.includes('frame=')) await expect(page.locator('pf-inspector dl')).toBeVisible();
    await expect(page.locator('pf-map-text table').first()).toBeVisible();
    expect(await leftInEnglish(page)).toEqual([]);
    for (const tab of await page.locator('pf-structures').getByRole('tab').all()) {
      await tab.click();
      expect(await leftInEnglish(page)).toEqual([]);
    }
  });

test('nor its dialogs, menus and errors', async ({ page }) => {
  await open(page, 'step=3&lang=ru');
  for (const opener of ['Поделиться', 'Клавиши']) {
    await page.getByRole('button', { name: opener, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await leftInEnglish(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await page.locator('pf-machine .open').click();
  await page.locator('input[name="nodes.0.size"]').fill('5 яблок');
  await page.getByRole('button', { name: 'Запустить эту машину' }).click();
  for (const details of await page.getByRole('dialog').locator('summary').all()) await details.click();
  expect(await leftInEnglish(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('pf-run-menu .open').click();
  expect(await leftInEnglish(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto('./#data=2.AAAA&lang=ru');
  await expect(page.getByRole('alert')).toContainText(/[а-я]{4}/);
  expect(await leftInEnglish(page)).toEqual([]);
});

test('what is looked for is found where it is', async ({ page }) => {
  await open(page, 'step=3&lang=en');
  expect((await leftInEnglish(page)).length).toBeGreaterThan(20);
});
