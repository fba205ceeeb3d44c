import { defineConfig } from 'vitest/config';

const shared = { setupFiles: ['test/setup.ts'], testTimeout: 30_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        test: {
          ...shared,
          name: 'pure',
          include: [
            'test/*.test.ts',
            'test/instruments/**/*.test.ts',
            'test/analysis/**/*.test.ts',
            'test/client/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'server',
          include: ['test/server/**/*.test.ts'],
          globalSetup: ['test/engine.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.test.ts', 'test/flow/**/*.test.ts'],
          globalSetup: ['test/engine.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
