import { parseDurationMs } from '@millrace/eventing-api';
import type { TObject, TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** The parts of a property's JSON Schema that matter to a setting. */
interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly const: string }[];
  readonly items?: SettingSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly secret?: boolean;
  readonly env?: string;
}

/** One setting of an app: where its value may come from, and what it may be. */
export interface Setting {
  /** Key in the YAML file and in the settings object: `managementPort`. */
  readonly name: string;
  /** Name of the flag without its dashes: `management-port`. */
  readonly flag: string;
  /** Environment variables, the first that is set wins: `MILLRACE_MANAGEMENT_PORT`. */
  readonly variables: readonly string[];
  readonly description: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'list';
  /** What a value may be, for people: `an integer from 0 to 65535`. */
  readonly allowed: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly default: unknown;
  accepts(value: unknown): boolean;
}

/** The settings of a schema, in its order. */
export function settingsOf(schema: TObject): Setting[] {
  const required = new Set<string>(schema.required as readonly string[] | undefined);
  return Object.entries(schema.properties).map(([name, property]) => settingOf(name, property, required.has(name)));
}

function settingOf(name: string, schema: TSchema, required: boolean): Setting {
  const property = schema as SettingSchema;
  // TypeBox's own check of `duration` knows no fractions of a second.
  const { format, ...checked } = property;
  const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    name,
    flag: words,
    variables: [`MILLRACE_${words.replaceAll('-', '_').toUpperCase()}`, ...(property.env ? [property.env] : [])],
    description: property.description ?? '',
    kind: kindOf(property),
    allowed: allowedOf(property),
    secret: property.secret === true,
    required,
    default: property.default,
    accepts: (value) =>
      Check(checked as TSchema, value) && (format !== 'duration' || parseDurationMs(value as string) !== undefined),
  };
}

function kindOf({ type }: SettingSchema): Setting['kind'] {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'boolean';
  return type === 'array' ? 'list' : 'text';
}

function allowedOf(schema: SettingSchema): string {
  const choices = schema.enum ?? schema.anyOf?.map((choice) => choice.const);
  if (choices) return `one of ${choices.join(', ')}`;
  switch (schema.type) {
    case 'integer':
      return `an integer${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return schema.items?.enum || schema.items?.anyOf
        ? `a list, separated by commas, each ${allowedOf(schema.items)}`
        : 'a list, separated by commas';
    default:
      return allowedText(schema);
  }
}

function rangeOf({ minimum, maximum }: SettingSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function allowedText({ format, pattern, minLength }: SettingSchema): string {
  if (format === 'duration') return 'an ISO 8601 duration such as PT30S';
  if (pattern !== undefined) return `text that matches ${pattern}`;
  return minLength === undefined ? 'text' : `text of at least ${minLength} character${minLength === 1 ? '' : 's'}`;
}
