// `npm test`: installs what is missing, builds, runs every suite; the last line counts. Arguments choose test files, as with vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, findNode, install, root, run, say, tool } from '../start/workspace.mjs';

const SUITES = [
  { name: 'Unit tests', config: 'vitest.config.mjs' },
  { name: 'Conformance of the drivers', config: 'vitest.conformance.config.mjs' },
  { name: 'End-to-end tests', config: 'vitest.e2e.config.mjs' },
];

await install();
const node = findNode();
await build(node);

const reports = mkdtempSync(join(tmpdir(), 'millrace-test-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
const notRun = [];
for (const [index, { name, config }] of SUITES.entries()) {
  say(`\n${name}`);
  const report = join(reports, `${index}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const filters = process.argv.slice(2);
  const code = await run([
    node,
    tool('vitest'),
    'run',
    '--config',
    config,
    '--passWithNoTests',
    ...reporters,
    ...filters,
  ]);
  count(report, code);
}
rmSync(reports, { recursive: true });

if (notRun.length > 0) say(`\nNot run:\n${notRun.map((line) => `  ${line}\n`).join('')}`);
say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/** Adds what a run of vitest reports; a file that fails outside of its tests counts as one failure, and so does a run without a report. */
function count(path, exitCode) {
  const failedBefore = counts.failed;
  for (const file of readReport(path)) {
    const statuses = file.assertionResults.map(({ status }) => status);
    counts.passed += statuses.filter((status) => status === 'passed').length;
    counts.failed += statuses.filter((status) => status === 'failed').length;
    counts.skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
    if (file.status === 'failed' && !statuses.includes('failed')) counts.failed += 1;
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed' || test.meta?.missingCapability) continue;
      const reason = test.meta?.notRun ? `: ${test.meta.notRun}` : '';
      notRun.push(`${relative(root, file.name)}: ${test.fullName.trim()}${reason}`);
    }
  }
  if (exitCode !== 0 && counts.failed === failedBefore) counts.failed += 1;
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return [];
  }
}
