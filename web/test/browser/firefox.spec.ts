import { expect, test } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { staticHost } from './static-host.ts';

// Playwright drives only a Firefox of its own; Debian's speaks WebDriver BiDi with Puppeteer.
test('the page opens and steps in firefox-esr', async () => {
  const host = await staticHost();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.PAGEFRAME_FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
  });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(host.url);
    const step = await page.waitForSelector('>>> button[aria-label="Step"]', { timeout: 30_000 });
    const before = page.url();
    await step?.click();
    await page.waitForFunction((old: string) => location.href !== old, { timeout: 10_000 }, before);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await host.close();
  }
});
