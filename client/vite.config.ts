/** Builds the client into `dist/client`: the respondent's pages, their service worker, and the workbench. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const workbench = `${root}workbench/index.html`;

export default defineConfig({
  root,
  // One address for everything: pages lie at different depths, assets always under /assets.
  base: '/',
  publicDir: false,
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    manifest: true,
    // Phones in staffrooms are not new.
    target: ['es2020', 'chrome87', 'edge88', 'firefox90', 'safari14'],
    // No inlined fonts or images: the content security policy stays short and each file is cached by itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // survey-core with its renderer is one library of that size.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      onLog(level, log, report) {
        // React libraries mark files for servers that render React; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
      input: {
        respondent: `${root}respondent/main.ts`,
        closed: `${root}respondent/closed.ts`,
        withdraw: `${root}respondent/withdraw.ts`,
        worker: `${root}respondent/worker.ts`,
        ...(existsSync(workbench) ? { workbench } : {}),
      },
      output: {
        // A service worker keeps its name for ever: browsers ask for it again under the same one.
        entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  plugins: [precompress('assets')],
});
