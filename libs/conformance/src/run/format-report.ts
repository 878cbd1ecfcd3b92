import type { Capabilities } from '@millrace/eventing-api';
import type { Outcome } from '../requirement/requirement.types.js';
import { countOutcomes, type ConformanceReport, type RequirementResult } from './conformance-report.types.js';

/** The report as markdown; its last line counts: `N passed, N failed, N skipped, N not run`. */
export function formatReport(report: ConformanceReport): string {
  const { passed, failed, skipped, notRun } = countOutcomes(report);
  const sections = [...byArea(report.results)].map(([area, results]) => areaSection(area, results));
  return [
    `# Conformance of ${report.driver}`,
    ...(report.capabilities ? [capabilityList(report.capabilities)] : []),
    ...sections,
    `${passed} passed, ${failed} failed, ${skipped} skipped, ${notRun} not run`,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function capabilityList(capabilities: Capabilities): string {
  const lines = Object.entries(capabilities).map(([name, value]) => `- \`${name}\`: ${valueText(value)}`);
  return ['The driver declares:', '', ...lines].join('\n');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

function byArea(results: readonly RequirementResult[]): Map<string, RequirementResult[]> {
  return Map.groupBy(results, ({ requirement }) => requirement.id.split('/')[0] ?? '');
}

function areaSection(area: string, results: readonly RequirementResult[]): string {
  const rows = results.map(({ requirement: { id, title, source, profile }, result }) =>
    row([`\`${id}\``, title, source, profile, outcomeText(result)]),
  );
  const header = [
    row(['requirement', 'sentence', 'source', 'profile', 'outcome']),
    row(['---', '---', '---', '---', '---']),
  ];
  return [`## ${area}`, '', ...header, ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function outcomeText(result: Outcome): string {
  switch (result.outcome) {
    case 'passed':
      return 'passed';
    case 'failed':
      return `**failed**: ${oneLine(result.message)}`;
    case 'skipped':
      return `skipped (${result.capability})`;
    case 'not run':
      return `not run (${oneLine(result.reason)})`;
  }
}

function oneLine(text: string): string {
  return text.trim().split(/\s*\n\s*/, 1)[0] ?? '';
}
