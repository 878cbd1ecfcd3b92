import { defineConfig } from 'vitest/config';

/** Sources, not builds: what a suite imports itself. The processes that it starts are the builds. */
const conditions = ['@millrace/source'];

/** Suites that start processes, which are the builds (`npm run build` first). A file waits most of its time, so a few go side by side, each with ports of its own. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{apps,libs}/**/test/**/*.e2e.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
  },
});
