import { spawnSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

// Chromium's sandbox is refused to root, and needs user namespaces, which many containers forbid.
const hasSandbox = process.getuid?.() !== 0 && spawnSync('unshare', ['--user', 'true']).status === 0;

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
    launchOptions: {
      executablePath: process.env.PAGEFRAME_CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: hasSandbox,
      args: [
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  // The built page, with the headers of a careful static host; `npm run build` comes first.
  webServer: { command: 'vite preview', url: 'http://127.0.0.1:4173/', reuseExistingServer: !process.env.CI },
});
