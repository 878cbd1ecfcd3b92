import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { closestName } from './closest-name.js';
import type { Setting } from './setting.js';

/** A value as it was found, and where: `flag --management-port`. */
export interface FoundValue {
  readonly value: unknown;
  readonly from: string;
}

/** What one source says. */
export interface SettingSource {
  /** By name of the setting. */
  readonly values: ReadonlyMap<string, FoundValue>;
  /** Sentences about what this source should not contain. */
  readonly faults: readonly string[];
}

/** What the command line says: values, and the flags that every app has beside its settings. */
export interface CommandLine extends SettingSource {
  readonly help: boolean;
  readonly version: boolean;
  readonly printConfig: boolean;
  readonly configFile: string | undefined;
}

const OWN_FLAGS = { help: 'boolean', version: 'boolean', 'print-config': 'boolean', config: 'string' } as const;

/** Reads `--flag value`, `--flag=value`, `--switch` and `--no-switch`. */
export function readCommandLine(args: readonly string[], settings: readonly Setting[]): CommandLine {
  const byFlag = new Map(settings.map((setting) => [setting.flag, setting]));
  const values = new Map<string, FoundValue>();
  const faults: string[] = [];
  const own = new Map<string, string | undefined>();
  let unknownFlagAt = -2;
  for (const token of tokensOf(args, settings)) {
    if (token.kind === 'positional' && token.index !== unknownFlagAt + 1) faults.push(`"${token.value}" is not a flag`);
    if (token.kind !== 'option') continue;
    const negated = token.rawName.startsWith('--no-') && byFlag.get(token.name)?.kind === 'boolean';
    const setting = byFlag.get(token.name);
    if (token.name in OWN_FLAGS && !negated) {
      if (token.name === 'config' && token.value === undefined) faults.push('--config needs a value');
      own.set(token.name, token.value);
    } else if (setting === undefined) {
      const meant = closestName(token.name, [...byFlag.keys(), ...Object.keys(OWN_FLAGS)]);
      faults.push(`${token.rawName} is not a known flag${meant ? `; did you mean --${meant}?` : ''}`);
      unknownFlagAt = token.index;
    } else if (setting.kind !== 'boolean' && (token.value === undefined || looksLikeFlag(token))) {
      faults.push(`${token.rawName} needs a value: ${setting.allowed}`);
    } else {
      const value = token.value ?? (negated ? 'false' : 'true');
      const earlier = setting.kind === 'list' ? values.get(setting.name)?.value : undefined;
      values.set(setting.name, {
        value: typeof earlier === 'string' ? `${earlier},${value}` : value,
        from: `flag ${token.rawName}`,
      });
    }
  }
  return {
    values,
    faults,
    help: own.has('help'),
    version: own.has('version'),
    printConfig: own.has('print-config'),
    configFile: own.get('config'),
  };
}

/** `--data-dir --api-port`: the value was forgotten. */
function looksLikeFlag(token: { readonly value?: string; readonly inlineValue?: boolean }): boolean {
  return token.inlineValue === false && token.value?.startsWith('--') === true;
}

function tokensOf(args: readonly string[], settings: readonly Setting[]) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = Object.fromEntries(
    settings.map(({ flag, kind }) => [flag, { type: kind === 'boolean' ? 'boolean' : 'string' }]),
  );
  for (const [flag, type] of Object.entries(OWN_FLAGS)) options[flag] = { type };
  options['help'] = { type: 'boolean', short: 'h' };
  return parseArgs({
    args: [...args],
    options,
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

/**
 * Reads the variables of the settings; an empty one counts as not set. A variable of ours that is nearly one of this app's is a fault;
 * any other may belong to another process in the same environment (compose, a service link of Kubernetes).
 */
export function readEnvironment(environment: NodeJS.ProcessEnv, settings: readonly Setting[]): SettingSource {
  const values = new Map<string, FoundValue>();
  for (const setting of settings) {
    const variable = setting.variables.find((name) => environment[name]);
    if (variable !== undefined) {
      values.set(setting.name, { value: environment[variable], from: `environment variable ${variable}` });
    }
  }
  const known = settings.flatMap(({ variables }) => variables);
  const faults: string[] = [];
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('MILLRACE_') || name === 'MILLRACE_CONFIG' || known.includes(name)) continue;
    const meant = closestName(name, known);
    if (meant !== undefined) faults.push(`environment variable ${name} is not known; did you mean ${meant}?`);
  }
  return { values, faults };
}

/** Reads the YAML file: one object, keys as the settings are named. */
export function readConfigFile(path: string, settings: readonly Setting[]): SettingSource {
  let document: unknown;
  try {
    document = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    return { values: new Map(), faults: [`the file ${path} cannot be read: ${(error as Error).message.trim()}`] };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { values: new Map(), faults: [`the file ${path} must hold one object, setting: value`] };
  }
  const names = settings.map(({ name }) => name);
  const values = new Map<string, FoundValue>();
  const faults: string[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (names.includes(name)) {
      values.set(name, { value, from: `file ${path}` });
    } else {
      const meant = closestName(name, names);
      faults.push(`"${name}" in the file ${path} is not a setting${meant ? `; did you mean ${meant}?` : ''}`);
    }
  }
  return { values, faults };
}
