// docs/reference/settings.md: every setting of every app.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commonSettings } from '../../libs/platform/dist/settings/process-settings.js';
import { settingsOf } from '../../libs/platform/dist/settings/setting.js';
import { code, page, table } from './markdown.mjs';

const root = join(import.meta.dirname, '../..');
const COLUMNS = ['flag', 'environment variable', 'default', 'meaning'];

export async function generate() {
  const apps = readdirSync(join(root, 'apps')).sort();
  const definitions = await Promise.all(
    apps.map(async (name) => (await import(`../../apps/${name}/dist/app.module.js`)).app),
  );
  const about =
    'Each setting is a flag, an environment variable and, in camelCase, a key of the YAML file that `--config` or `MILLRACE_CONFIG` names (`--log-level` is `logLevel`). The ' +
    'flag wins over the variable, the variable over the file. `--help` of an app lists its settings, `--print-config` shows the result.';
  return { 'docs/reference/settings.md': page('Settings', about, definitions.flatMap(blocksOf)) };
}

function blocksOf(app) {
  const settings = [...settingsOf(app.settings), ...settingsOf(commonSettings(app))];
  return [`## ${app.name}`, app.description, table(COLUMNS, settings.map(row))];
}

function row(setting) {
  return [
    code(`--${setting.flag}`),
    setting.variables.map(code).join(', '),
    defaultOf(setting),
    setting.description + rangeOf(setting),
  ];
}

/** Told where it says more than the kind of value. */
function rangeOf({ allowed }) {
  return /^(text|true|an ISO)/.test(allowed) ? '' : ` Takes ${allowed}.`;
}

function defaultOf({ default: value, required }) {
  if (value === undefined) return required ? 'must be given' : '';
  // A path within this checkout is another one on each machine.
  if (typeof value === 'string' && value.startsWith(root)) return code(value.slice(root.length + 1));
  return code(Array.isArray(value) ? value.join(',') : String(value));
}
