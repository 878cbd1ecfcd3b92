import { defineConfig } from 'vitest/config';

/** Sources, not builds: libraries export their source under this condition. */
const conditions = ['@millrace/source'];

/** The conformance suite for each driver, against its real store, and the test of the suite itself. One file after the other: they share brokers. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['libs/provisioners/*/test/conformance.spec.ts', 'libs/conformance/test/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    fileParallelism: false,
    passWithNoTests: true,
  },
});
