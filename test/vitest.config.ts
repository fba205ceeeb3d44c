import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = { setupFiles: ['test/setup.ts'], testTimeout: 60_000, hookTimeout: 240_000 };
// Half of the time of the server's tests is spent waiting for the engine and for commands in processes of their own.
const sideBySide = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 0 } };

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        test: {
          ...shared,
          ...sideBySide,
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
          ...sideBySide,
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
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
