import { defineConfig } from 'vitest/config';

/** Sources, not builds: libraries export their source under this condition. */
const conditions = ['@millrace/source'];

/** What needs a real broker: the brokers themselves, each driver against its store, the conformance suite for each; and the test of that suite. A file waits most of its time, so a few go side by side, each with brokers of its own. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'tools/brokers/test/**/*.spec.ts',
      'libs/provisioners/*/test/**/*.spec.ts',
      'libs/conformance/test/**/*.spec.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    maxWorkers: 3,
    passWithNoTests: true,
  },
});
