// docs/conformance/README.md: every requirement beside what it came to on each driver, from the reports that `npm run conformance -- <driver> --write` has left there.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, page, table } from './markdown.mjs';

const root = join(import.meta.dirname, '../..');
const PAGE = 'docs/conformance/README.md';
const HEADING = /^# Conformance of (.+)$/m;
const ROW = /^\| `(?<id>[\w-]+\/[\w-]+)` +\| (?<sentence>.+?) +\|.+\| (?<outcome>[^|]+?) +\|$/gm;
/** What fits a narrow column; the report says more. */
const MARKS = { passed: '✓', skipped: '–', failed: '**failed**', 'not run': 'not run' };

export function generate() {
  const pages = globSync('docs/conformance/*.md', { cwd: root, exclude: [PAGE] });
  const reports = pages.sort().flatMap(reportsOf);
  const sentences = new Map(reports.flatMap(({ rows }) => rows.map(({ id, sentence }) => [id, sentence])));
  const about =
    'What each requirement came to on each driver. ✓ = the driver was seen to keep it, – = it does not declare the capability; the reports give source, profile and reason. ' +
    'What the suite is: [Conformance](../guide/conformance.md).';
  const blocks = [
    table(['driver', 'passed', 'failed', 'skipped', 'not run'], reports.map(totals)),
    table(
      ['requirement', 'sentence', ...reports.map(({ name }) => name)],
      [...sentences].map(([id, sentence]) => [code(id), sentence, ...reports.map((report) => markOf(report, id))]),
    ),
  ];
  return { [PAGE]: page('Conformance of the drivers', about, blocks) };
}

/** One page holds a report for each harness of its driver. */
function reportsOf(path) {
  const text = readFileSync(join(root, path), 'utf8');
  return text
    .split(/^(?=# )/m)
    .filter((part) => HEADING.test(part))
    .map((part) => ({
      path,
      name: HEADING.exec(part)[1],
      rows: [...part.matchAll(ROW)].map(({ groups }) => groups),
    }));
}

function totals({ path, name, rows }) {
  const count = (kind) => String(rows.filter(({ outcome }) => kindOf(outcome) === kind).length);
  return [`[${name}](${path.split('/').at(-1)})`, ...['passed', 'failed', 'skipped', 'not run'].map(count)];
}

function markOf({ rows }, id) {
  const row = rows.find((one) => one.id === id);
  return row === undefined ? '' : MARKS[kindOf(row.outcome)];
}

function kindOf(outcome) {
  const kind = Object.keys(MARKS).find((mark) => outcome.startsWith(mark));
  if (kind === undefined) throw new Error(`A report in docs/conformance has an outcome that is none: ${outcome}`);
  return kind;
}
