import { type TObject, Type } from 'typebox';
import type { AppDefinition, AppSettings } from '../process/app-definition.types.js';
import { commonSettings } from './process-settings.js';
import { type FoundValue, readCommandLine, readConfigFile, readEnvironment } from './setting-sources.js';
import { type Setting, settingsOf } from './setting.js';
import { configText, faultsText, helpText, shownValue, versionText } from './settings-text.js';

/** What reading the settings of an app came to. */
export type SettingsOutcome<S extends TObject> =
  | { readonly outcome: 'settings'; readonly settings: AppSettings<S> }
  /** Somebody asked a question: this is the answer, and nothing is to be started. */
  | { readonly outcome: 'answer'; readonly text: string }
  /** Every fault at once, for people. */
  | { readonly outcome: 'refused'; readonly text: string };

/** A setting with its value; undefined where an optional one is not set. */
export interface ResolvedSetting {
  readonly setting: Setting;
  readonly value: unknown;
  readonly from: string;
}

/** Every setting that the app takes: its own first. */
export function allSettings(definition: AppDefinition): Setting[] {
  const common = commonSettings(definition);
  return settingsOf(Type.Object({ ...definition.settings.properties, ...common.properties }));
}

/** Settles each setting: flag before environment before file before default. */
export function readSettings<S extends TObject>(
  definition: AppDefinition<S>,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): SettingsOutcome<S> {
  const settings = allSettings(definition);
  const commandLine = readCommandLine(args, settings);
  if (commandLine.help) return { outcome: 'answer', text: helpText(definition, settings) };
  if (commandLine.version) return { outcome: 'answer', text: versionText(definition.name) };

  const sources = [commandLine, readEnvironment(environment, settings)];
  const configFile = commandLine.configFile ?? (environment['MILLRACE_CONFIG'] || undefined);
  if (configFile !== undefined) sources.push(readConfigFile(configFile, settings));

  const faults = sources.flatMap((source) => source.faults);
  const resolved: ResolvedSetting[] = [];
  for (const setting of settings) {
    const found = sources.map(({ values }) => values.get(setting.name)).find((value) => value !== undefined);
    const result = found ? convert(setting, found) : { setting, value: setting.default, from: 'default' };
    const fault = faultOf(result);
    if (fault === undefined) resolved.push(result);
    else faults.push(fault);
  }
  if (faults.length > 0) return { outcome: 'refused', text: faultsText(definition.name, faults) };
  if (commandLine.printConfig) return { outcome: 'answer', text: configText(resolved) };
  const values = resolved.flatMap(({ setting, value }) =>
    value === undefined ? [] : [[setting.name, value] as const],
  );
  return { outcome: 'settings', settings: Object.fromEntries(values) as AppSettings<S> };
}

function faultOf({ setting, value, from }: ResolvedSetting): string | undefined {
  if (value === undefined) {
    return setting.required
      ? `${setting.name} is not set: give --${setting.flag} or ${setting.variables[0]} (${setting.allowed})`
      : undefined;
  }
  if (setting.accepts(value)) return undefined;
  return `${setting.name} is ${shownValue(setting, value)} (${from}): it must be ${setting.allowed}`;
}

/** Flags and variables are text: makes of it what the setting wants, or leaves it as it is, to be refused. */
function convert(setting: Setting, { value, from }: FoundValue): ResolvedSetting {
  return { setting, value: typeof value === 'string' ? fromText(setting.kind, value) : value, from };
}

function fromText(kind: Setting['kind'], text: string): unknown {
  switch (kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
    case 'text':
      return text;
  }
}
