import type { BrokerName } from '../broker.types.js';
import { nativeKinds } from '../native/native-kinds.js';
import { pathForPeople } from './install.js';
import { type RunningBroker, findRunning } from './running-broker.js';

const HEADINGS = ['BROKER', 'VERSION', 'INSTALLED', 'RUNNING'] as const;

/** A table of what is installed and what `up` started. */
export function status(names: readonly BrokerName[]): string {
  const rows = names.flatMap((name) => {
    const running = findRunning(name);
    return nativeKinds[name].versions.map((version, index) => row(name, version, index === 0, running));
  });
  return table([HEADINGS, ...rows]);
}

function row(name: BrokerName, version: string, isDefault: boolean, running: RunningBroker | undefined): string[] {
  const kind = nativeKinds[name];
  // Something else may take the place of the default: another version is shown only in a row of its own.
  const installed = kind.find(version) ?? (isDefault && kind.versions.length === 1 ? kind.find(undefined) : undefined);
  const isRunning = running !== undefined && running.version === installed?.version;
  return [
    name,
    installed?.version ?? version,
    installed ? pathForPeople(installed.path) : 'no',
    isRunning ? running.address : 'no',
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
