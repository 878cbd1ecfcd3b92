import type { ResolvedKind } from '../registry/kind-registry.js';
import type { ApiRequest } from '../server/api-exchange.js';
import { badRequest } from './status-error.js';

/** What the path of a request names. */
export interface ResourceTarget {
  readonly resolved: ResolvedKind;
  /** Absent: a cluster-scoped kind, or the collection of every namespace. */
  readonly namespace?: string;
  /** Absent: the collection. */
  readonly name?: string;
  readonly subresource?: string;
}

/** A request about objects. */
export interface ResourceRequest extends ApiRequest {
  readonly target: ResourceTarget;
}

/** A request about one named object. */
export interface ItemRequest extends ResourceRequest {
  readonly target: ResourceTarget & { readonly name: string };
}

const FIELD_VALIDATION = ['Ignore', 'Strict', 'Warn'] as const;

export interface WriteOptions {
  /** Everything is done but storing. */
  readonly dryRun: boolean;
  /** What happens to fields that the schema does not know. Default Warn. */
  readonly fieldValidation: (typeof FIELD_VALIDATION)[number];
}

/** The query parameters that every write takes: kubectl apply, create and edit are strict, kubectl diff is a dry run. */
export function writeOptions(query: URLSearchParams): WriteOptions {
  return {
    dryRun: readDryRun(query.getAll('dryRun')),
    fieldValidation: oneOf('fieldValidation', query.get('fieldValidation') ?? 'Warn', FIELD_VALIDATION),
  };
}

export function readDryRun(values: readonly string[]): boolean {
  return values.filter((value) => value !== '').map((value) => oneOf('dryRun', value, ['All'])).length > 0;
}

/** A value of a closed list; anything else is 400. */
export function oneOf<V extends string>(parameter: string, value: unknown, allowed: readonly V[]): V {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const values = allowed.map((each) => `"${each}"`).join(', ');
  throw badRequest(`${parameter}: Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`);
}

/** A number of a query parameter; absent or empty: undefined. */
export function readCount(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter) ?? '';
  if (text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(`${parameter}: Invalid value: "${text}": must be a non-negative integer`);
}

export function readFlag(query: URLSearchParams, parameter: string): boolean | undefined {
  const text = query.get(parameter);
  if (text === null) return undefined;
  return text === '' || text === 'true' || text === '1';
}
