import { defineConfig } from 'vitest/config';

/** Sources, not builds: libraries export their source under this condition. */
const conditions = ['@millrace/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['libs/**/src/**/*.spec.ts', 'apps/*/src/**/*.spec.ts', 'tools/**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'tools/*/test/**'],
    environment: 'node',
    testTimeout: 20_000,
    // One second, the default, is not much where everything runs at once.
    expect: { poll: { timeout: 10_000, interval: 10 } },
    restoreMocks: true,
  },
});
