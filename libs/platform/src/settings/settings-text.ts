import { readFileSync } from 'node:fs';
import type { ResolvedSetting } from './read-settings.js';
import type { Setting } from './setting.js';

/** Version of the workspace: its packages are released together. */
export function millraceVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

export function versionText(app: string): string {
  return `millrace ${app} ${millraceVersion()}\n`;
}

/** A value for people; that of a secret setting is not shown. */
export function shownValue(setting: Setting, value: unknown): string {
  return setting.secret ? '"***"' : JSON.stringify(value);
}

export function faultsText(app: string, faults: readonly string[]): string {
  const count = faults.length === 1 ? 'one setting is wrong' : `${faults.length} settings are wrong`;
  const lines = faults.map((fault) => `  - ${fault}\n`).join('');
  return `millrace ${app} cannot start, ${count}:\n${lines}All settings are listed by --help.\n`;
}

/** The settings as a YAML file that would give the same, but for secrets; each line says where its value comes from. */
export function configText(settings: readonly ResolvedSetting[]): string {
  return settings
    .map(({ setting, value, from }) =>
      value === undefined
        ? `# ${setting.name}: not set\n`
        : `${setting.name}: ${shownValue(setting, value)} # ${from}\n`,
    )
    .join('');
}

export function helpText(
  app: { readonly name: string; readonly description: string },
  settings: readonly Setting[],
): string {
  const entries = settings.map((setting) => {
    const fallback =
      setting.default === undefined
        ? setting.required
          ? 'must be given'
          : 'not set'
        : `default ${shownValue(setting, setting.default)}`;
    return [
      `  --${setting.flag}  (${setting.variables.join(', ')})`,
      `      ${setting.description}`,
      `      ${setting.allowed}; ${fallback}`,
    ].join('\n');
  });
  return `millrace ${app.name}: ${app.description}

Each setting is a flag, an environment variable, or a key of one YAML file (camelCase: --log-level is logLevel); a flag
wins over a variable, a variable over the file. Flags that are no settings:

  --config <file>  (MILLRACE_CONFIG)   the YAML file
  --print-config                       shows every setting and where it comes from, secrets masked, and ends
  --version, --help

Settings:

${entries.join('\n\n')}
`;
}
