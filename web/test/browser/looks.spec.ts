import { at, axe, button, expect, fits, LAPTOP, length, open, openFiles, PHONE, SIZES, test } from './page.ts';

const SCREENS = { ...SIZES, projector: { width: 1920, height: 1080 } };

for (const [name, viewport] of Object.entries(SCREENS))
  for (const lang of ['en', 'ru'])
    for (const theme of ['light', 'dark'])
      test(`axe finds nothing: ${name}, ${lang}, ${theme}`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await open(page, `step=3.6&lang=${lang}&theme=${theme}`);
        const isPhone = name === 'phone';
        const summaries = page.locator('main details > summary');
        for (let i = 0; i < (await summaries.count()); i++) if (isPhone) await summaries.nth(i).click();
        const check = async (): Promise<void> => {
          await axe(page);
        };
        await check();
        await page.keyboard.press('End');
        await at(page, await length(page));
        await check();
        await openFiles(page, { 'bad.jsonl': '{' });
        await expect(page.getByRole('alert')).toBeVisible();
        await check();
      });

for (const [name, viewport] of Object.entries(SCREENS))
  for (const lang of ['en', 'ru'])
    test(`nothing sticks out: ${name}, ${lang}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await open(page, `lang=${lang}`);
      const total = await length(page);
      for (let entry = 0; entry <= total; entry++) {
        await at(page, entry);
        await fits(page);
        if (entry < total) await page.keyboard.press('ArrowRight');
      }
      if (name === 'phone') await page.locator('pf-transport .more').click();
      const cut = await page.evaluate(() => {
        const root = document.querySelector('pf-explorer')?.shadowRoot;
        const transport = root?.querySelector('pf-transport')?.shadowRoot;
        const nodes = [
          ...(root?.querySelectorAll('header button') ?? []),
          ...(transport?.querySelectorAll('button, input, select') ?? []),
        ];
        return nodes
          .filter((node) => node.checkVisibility())
          .map((node) => ({ box: node.getBoundingClientRect(), name: node.textContent || node.className, node }))
          .filter(
            ({ box, node }) =>
              box.right > innerWidth ||
              box.left < 0 ||
              box.height < 24 ||
              box.width < 24 ||
              node.scrollWidth > node.clientWidth + 1,
          )
          .map((found) => found.name);
      });
      expect(cut).toEqual([]);
    });

test('no line of a sentence begins with the sign behind a link', async ({ page }) => {
  await open(page, 'run=three-zones&step=8');
  const text = page.locator('pf-sentence .sentence');
  for (let width = 1100; width <= 1440; width += 20) {
    await page.setViewportSize({ width, height: 900 });
    const torn = await text.evaluate(
      (sentence) =>
        [...sentence.querySelectorAll('.link')].filter((link) => {
          const range = document.createRange();
          const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
          walker.currentNode = link.lastChild ?? link;
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const sign = /^[,.]/.exec(node.textContent ?? '');
            if (!sign && node.textContent?.trim() === '') continue;
            if (!sign) return false;
            range.setStart(node, 0);
            range.setEnd(node, 1);
            return range.getBoundingClientRect().left < link.getBoundingClientRect().left;
          }
          return false;
        }).length,
    );
    expect(torn, `${width}`).toBe(0);
  }
});

test('a long title is cut short, and pushes nothing out', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page);
  const about = 'A very long story of a machine '.repeat(12);
  const run = `{"format":"pageframe-run/1","kernel":"linux-2.4.20","about":"${about}","machine":{"nodes":[{"id":0,"start_pfn":0,"pages":64}]}}\n`;
  await openFiles(page, { 'long.jsonl': run });
  await expect(page.locator('header')).toContainText('A very long story');
  await expect(button(page, 'Keys')).toBeInViewport();
  await fits(page);
});

test('a phone shows map, sentence and transport first', async ({ page }) => {
  await page.setViewportSize(PHONE);
  await open(page, 'step=3');
  const tops = await Promise.all(
    ['pf-map .space', 'pf-sentence .sentence', 'pf-transport'].map(
      async (name) => (await page.locator(name).boundingBox())?.y ?? -1,
    ),
  );
  expect(tops[0]).toBeGreaterThan(0);
  expect(tops[1]).toBeGreaterThan(tops[0] ?? 0);
  expect(tops[2]).toBeGreaterThan(tops[1] ?? 0);
  expect(tops[2]).toBeLessThan(PHONE.height);
  await page.getByText('Free lists').first().click();
  await expect(page.locator('pf-boot-bitmap svg')).toBeVisible();
});

for (const [name, viewport] of Object.entries(SCREENS))
  test(`nothing shifts while it loads, steps and plays: ${name}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await page.addInitScript(() => {
      Object.assign(window, { shifts: [] });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, sources } = entry as unknown as {
            value: number;
            sources: { previousRect: DOMRect; currentRect: DOMRect }[];
          };
          (window as unknown as { shifts: string[] }).shifts.push(
            `${value} ${sources.map(({ previousRect: a, currentRect: b }) => `${[a.x, a.y, a.width, a.height].map(Math.round)}>${[b.x, b.y, b.width, b.height].map(Math.round)}`).join(' ')}`,
          );
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await open(page);
    await page.waitForTimeout(300);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('5');
    await button(page, 'Play').click();
    await at(page, await length(page));
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
  });

test('everything can be reached by Tab, and the focus is seen', async ({ page }) => {
  await open(page, 'step=3');
  const reached = new Set<string>();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body) return null;
      return {
        name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '',
        outline: getComputedStyle(element).outlineStyle,
      };
    });
    if (!found) break;
    expect(found.outline, found.name).not.toBe('none');
    reached.add(found.name);
  }
  for (const name of ['EN', 'RU', 'Light or dark', 'Keys', 'Step', 'Step into', 'Play', 'Step back'])
    expect([...reached]).toContain(name);
  for (const begin of ['Page map', 'Kernel', 'Run'])
    expect([...reached].some((name) => name.startsWith(begin))).toBe(true);
  expect([...reached].some((name) => name.startsWith('Time'))).toBe(true);
});

test('each step is announced', async ({ page }) => {
  await open(page);
  await page.keyboard.press('ArrowRight');
  await at(page, 1);
  await expect(page.locator('[aria-live=polite]')).toHaveText(/^Operation 1 of \d+\. .{20}/);
});

test('light and dark: as the system has it, or as chosen', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page);
  const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await paper()).toBe('rgb(21, 24, 28)');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(paper).toBe('rgb(252, 250, 246)');
  await button(page, 'Light or dark').click();
  await expect.poll(paper).toBe('rgb(21, 24, 28)');
});

test('from a step to its picture', async ({ page }) => {
  await open(page, 'run=boot-idle');
  const times = await page.evaluate(async () => {
    const out: number[] = [];
    const html = document.documentElement;
    for (let i = 0; i < 30; i++) {
      const before = html.dataset.place;
      const start = performance.now();
      dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      while (html.dataset.place === before) await new Promise((done) => setTimeout(done));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      out.push(performance.now() - start);
    }
    return out.sort((a, b) => a - b);
  });
  console.log(
    `step to paint, 65,501 frames: median ${times[15]?.toFixed(1)} ms, slowest ${times.at(-1)?.toFixed(1)} ms`,
  );
  expect(times).toHaveLength(30);
});
