import { defineConfig } from 'vitest/config';

/** Sources, not builds: what a suite imports itself. The processes that it starts are the builds. */
const conditions = ['@millrace/source'];
const faults = 'apps/standalone/test/faults/**/*.e2e.ts';

/** Suites that start processes and listen on ports, against the builds (`npm run build` first): one file after the other; then the faults of all brokers side by side, since they mostly wait. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'apps',
          include: ['{apps,libs}/**/test/**/*.e2e.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', faults],
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'faults', include: [faults], maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
