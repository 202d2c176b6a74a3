import { defineConfig } from '@playwright/test';
import { launchOptions } from './test/chromium.ts';

const port = process.env.PREVIEW_PORT ?? '4173';

export default defineConfig({
  testDir: 'test',
  testMatch: '**/*.spec.ts',
  // What a slow and busy machine needs: only what hangs takes that long.
  timeout: 180_000,
  expect: { timeout: 20_000, toHaveScreenshot: { maxDiffPixelRatio: 0.005 } },
  snapshotPathTemplate: '{testDir}/{testFileDir}/pictures/{arg}{ext}',
  updateSnapshots: 'none',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    launchOptions,
  },
  // The built page, with the headers of a careful static host; `npm run build` comes first.
  webServer: {
    command: `vite preview --port ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: !process.env.CI,
  },
});
