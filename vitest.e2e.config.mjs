import { defineConfig } from 'vitest/config';

/** Sources, not builds: what a suite imports itself. The processes that it starts are the builds. */
const conditions = ['@millrace/source'];

/** Suites that start processes and listen on ports: one file after the other, against the builds (`npm run build` first). */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{apps,libs}/**/test/**/*.e2e.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
  },
});
