import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { BrokerName } from '@millrace/brokers';
import type { FaultAccount } from './fault-account.js';
import type { FaultScenario } from './fault-scenario.types.js';

const DOCS = join(import.meta.dirname, '../../../../docs/conformance');

export interface FaultRow {
  readonly scenario: FaultScenario;
  readonly result:
    | { readonly outcome: 'passed'; readonly account: FaultAccount; readonly note?: string | undefined }
    | { readonly outcome: 'failed'; readonly account?: FaultAccount | undefined; readonly message: string }
    | { readonly outcome: 'not run'; readonly reason: string };
}

const COLUMNS = ['sent', 'accepted', 'delivered', 'dead', 'gone', 'lost', 'duplicates', 'out of order'] as const;

/** What a run came to, as a table in markdown. */
export class FaultTable {
  private readonly rows: FaultRow[] = [];
  private readonly brokers = new Set<string>();

  constructor(
    private readonly name: BrokerName,
    /** In the order of the table. */
    private readonly scenarios: readonly FaultScenario[],
  ) {}

  add(row: FaultRow): void {
    this.rows.push(row);
  }

  /** A broker that scenarios were played on. */
  ranOn(broker: string): void {
    this.brokers.add(broker);
  }

  /** Prints the table, and writes it among the documents where `MILLRACE_WRITE_FAULTS=1`. */
  async publish(): Promise<void> {
    const text = await format(this.text(), { parser: 'markdown', printWidth: 120 });
    process.stdout.write(`\n${text}\n`);
    if (process.env['MILLRACE_WRITE_FAULTS'] === '1') writeFileSync(join(DOCS, `faults-${this.name}.md`), text);
  }

  private text(): string {
    const rows = this.scenarios.flatMap((scenario) => this.rows.filter((row) => row.scenario === scenario));
    return [
      `<!-- Written by \`MILLRACE_WRITE_FAULTS=1 npm test -- faults/${this.name}\`. -->\n`,
      `# Faults of ${this.name}\n`,
      `Real processes and a real broker${this.brokers.size > 0 ? ` (${[...this.brokers].join('; ')})` : ''}, each fault under a steady load. Every event that got a 202 is accounted for by its id: delivered, in the dead-letter place (dead), deleted`,
      'together with what kept it (gone), or lost. Duplicates are deliveries of what had been delivered; out of order are first deliveries after that of a later event of the same key.\n',
      `| fault | ${COLUMNS.join(' | ')} | other answers | longest answer | |`,
      `| --- | ${COLUMNS.map(() => '---:').join(' | ')} | --- | ---: | --- |`,
      ...rows.map(line),
      '',
    ].join('\n');
  }
}

function line({ scenario, result }: FaultRow): string {
  const cells = [scenario.title, ...figures('account' in result ? result.account : undefined), remark(result)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function figures(account: FaultAccount | undefined): string[] {
  if (!account) return [...COLUMNS.map(() => ''), '', ''];
  const { sent, accepted, delivered, dead, gone, lost, duplicates, outOfOrder, refusals, longestAnswerMs } = account;
  const counts = [sent, accepted, delivered, dead, gone.length, lost.length, duplicates, outOfOrder.length];
  const answers = Object.entries(refusals).map(([answer, count]) => `${answer}: ${count}`);
  return [...counts.map(String), answers.join(', '), `${(longestAnswerMs / 1000).toFixed(1)} s`];
}

function remark(result: FaultRow['result']): string {
  if (result.outcome === 'passed') return result.note ?? '';
  return result.outcome === 'failed' ? `**failed**: ${result.message}` : `not run: ${result.reason}`;
}
