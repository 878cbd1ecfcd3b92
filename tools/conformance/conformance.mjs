// `npm run conformance -- <driver>`: runs the conformance suite of a driver against its real store and prints the report.
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, findNode, root, run, say, tool } from '../start/workspace.mjs';

const SUITE = 'test/conformance.spec.ts';
const USAGE = `npm run conformance -- <driver> [--only <ids>] [--profile <name>] [--write | --check]

Runs the conformance suite for a driver (${driverNames().join(', ')}), prints the report, and exits with 1 if a requirement is failed.

  --only <ids>      requirements or areas, with commas between: --only control,publish/overlapping
  --profile <name>  the requirements of one profile: --profile core
  --write           also writes the report to docs/conformance/<driver>.md
  --check           also exits with 1 if docs/conformance/<driver>.md is another report
  --help            this text`;

const { driver, values } = readArguments();
if (values.help) {
  say(USAGE);
  process.exit(0);
}
if (!driverNames().includes(driver)) {
  const what = driver === undefined ? 'Which driver is to be tried' : `There is no driver ${driver}`;
  fail(`${what}: name one of ${driverNames().join(', ')} (npm run conformance -- --help tells more).`);
}
if ((values.write || values.check) && (values.only || values.profile))
  fail('A report of a part of the suite is neither written nor checked: leave out --write and --check.');

const REPORT = `docs/conformance/${driver}.md`;
const { code, output, reports } = await runSuite();
const misnamed = /No (?:requirement|profile)[^\n]*/.exec(output)?.[0];
if (misnamed) fail(`${misnamed}.`);
if (reports.length === 0 || (code !== 0 && !reports.some(({ counts }) => counts[1] > 0))) process.stderr.write(output);
if (reports.length === 0) fail('The suite did not come to its end: see above.');
say(
  reports
    .map(({ text }) => text)
    .join('\n')
    .trimEnd(),
);
const isCurrent = values.check ? committedReport() === (await formattedReport()) : true;
if (!isCurrent) say(`\n${REPORT} is another report: write this one with --write.`);
if (values.write) await writeReport();
if (reports.length > 1) {
  const [passed, failed, skipped, notRun] = [0, 1, 2, 3].map((at) =>
    reports.reduce((sum, { counts }) => sum + counts[at], 0),
  );
  say(`\nTogether:\n${passed} passed, ${failed} failed, ${skipped} skipped, ${notRun} not run`);
}
process.exit(code === 0 && isCurrent ? 0 : 1);

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        only: { type: 'string' },
        profile: { type: 'string' },
        write: { type: 'boolean' },
        check: { type: 'boolean' },
      },
    });
    if (positionals.length > 1) throw new Error('One driver at a time');
    return { driver: positionals[0], values };
  } catch (error) {
    return fail(`${error.message.split('. ')[0]} (npm run conformance -- --help tells more).`);
  }
}

function driverNames() {
  const suites = globSync(`libs/provisioners/*/${SUITE}`, { cwd: root });
  return suites.map((path) => path.split('/')[2]).sort();
}

/** One report for each harness that the suite of the driver declares. */
async function runSuite() {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-conformance-'));
  process.env.CONFORMANCE_REPORT = join(folder, 'report.jsonl');
  if (values.only) process.env.CONFORMANCE_ONLY = values.only;
  if (values.profile) process.env.CONFORMANCE_PROFILE = values.profile;
  process.env.NO_COLOR = '1';
  const config = ['--config', 'vitest.conformance.config.mjs'];
  let output = '';
  const code = await run(
    [findNode(), tool('vitest'), 'run', ...config, `libs/provisioners/${driver}/${SUITE}`],
    (chunk) => (output += chunk),
  );
  const path = process.env.CONFORMANCE_REPORT;
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  rmSync(folder, { recursive: true });
  return { code, output, reports: lines.map((line) => JSON.parse(line)) };
}

async function writeReport() {
  mkdirSync(dirname(join(root, REPORT)), { recursive: true });
  writeFileSync(join(root, REPORT), await formattedReport());
}

function committedReport() {
  const path = join(root, REPORT);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The page as it is committed. */
async function formattedReport() {
  const { format, resolveConfig } = await import('prettier');
  const origin = `<!-- Written by \`npm run conformance -- ${driver} --write\`. -->\n\n`;
  const filepath = join(root, REPORT);
  return format(origin + reports.map(({ text }) => text).join('\n'), { ...(await resolveConfig(filepath)), filepath });
}
