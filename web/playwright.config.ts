import { defineConfig } from '@playwright/test';
import { launchOptions } from './test/chromium.ts';

export default defineConfig({
  testDir: 'test',
  testMatch: '**/*.spec.ts',
  timeout: 60_000,
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: 'http://127.0.0.1:4173/',
    launchOptions,
  },
  // The built page, with the headers of a careful static host; `npm run build` comes first.
  webServer: { command: 'vite preview', url: 'http://127.0.0.1:4173/', reuseExistingServer: !process.env.CI },
});
