import type { FieldFault } from '../admission/admission.types.js';
import { childPath, forbidden, invalid, required } from '../admission/faults.js';
import { validateAgainstSchema } from '../schema/validate-against-schema.js';
import { EventFilterSchema, MAX_FILTER_DEPTH, type EventFilter } from './filter.schema.js';

const DIALECTS = ['exact', 'prefix', 'suffix', 'all', 'any', 'not'];
const ONE_OF_THEM = 'exactly one of exact, prefix, suffix, all, any and not';

/** Names of the dialect in the Subscriptions API and in Knative's Triggers. */
const SQL_DIALECTS = ['sql', 'cesql'];

const ATTRIBUTE_NAME = /^[a-z0-9]+$/;
const ATTRIBUTE_NAME_RULE =
  'must be the name of a CloudEvents 1.0 attribute: lower-case letters and digits (the data is no attribute)';

/** Faults of the filters at `path` that their schema cannot say (CloudEvents Subscriptions API 1.0 section 3.2.4.1). An empty list filters nothing. */
export function filterFaults(filters: readonly EventFilter[] | undefined, path: string): FieldFault[] {
  return (filters ?? []).flatMap((filter, index) => expressionFaults(filter, childPath(path, index), 0));
}

/** @param depth how many of all, any and not hold this one */
function expressionFaults(filter: EventFilter, path: string, depth: number): FieldFault[] {
  if (depth > MAX_FILTER_DEPTH) {
    return [forbidden(path, `all, any and not may hold one another ${MAX_FILTER_DEPTH} times at most`)];
  }
  // What another expression holds has been checked by no schema so far.
  const malformed = depth === 0 ? [] : validateAgainstSchema(EventFilterSchema, filter, path);
  if (malformed.length > 0) {
    return malformed;
  }
  const { exact, prefix, suffix, all, any, not } = filter;
  return [
    ...dialectFaults(filter, path),
    ...Object.entries({ exact, prefix, suffix }).flatMap(([dialect, attributes]) =>
      attributes === undefined ? [] : attributeFaults(attributes, childPath(path, dialect)),
    ),
    ...Object.entries({ all, any }).flatMap(([dialect, filters]) =>
      filters === undefined ? [] : listFaults(filters, childPath(path, dialect), depth),
    ),
    ...(not === undefined ? [] : expressionFaults(not, childPath(path, 'not'), depth + 1)),
  ];
}

function dialectFaults(filter: EventFilter, path: string): FieldFault[] {
  const named = Object.keys(filter);
  if (named.length === 0) {
    return [required(path, ONE_OF_THEM)];
  }
  const unknown = named.filter((name) => !DIALECTS.includes(name));
  if (unknown.length === 0 && named.length > 1) {
    const advice = 'put each into a filter of its own, and those into one all or any';
    return [forbidden(path, `${named.join(' and ')} exclude each other; ${advice}`)];
  }
  return unknown.map((name) =>
    forbidden(
      childPath(path, name),
      SQL_DIALECTS.includes(name)
        ? `CloudEvents SQL is not supported yet; write ${ONE_OF_THEM}`
        : `unknown dialect; write ${ONE_OF_THEM}`,
    ),
  );
}

function attributeFaults(attributes: Readonly<Record<string, string>>, path: string): FieldFault[] {
  const entries = Object.entries(attributes);
  if (entries.length === 0) {
    return [required(path, 'at least one attribute with its text, as in type: com.example.order.created')];
  }
  return entries.flatMap(([name, text]) => {
    const attributePath = childPath(path, name);
    return [
      ...(isAttributeName(name) ? [] : [invalid(attributePath, name, ATTRIBUTE_NAME_RULE)]),
      ...(text === '' ? [invalid(attributePath, text, 'must not be empty')] : []),
    ];
  });
}

function isAttributeName(name: string): boolean {
  return ATTRIBUTE_NAME.test(name) && name !== 'data';
}

function listFaults(filters: readonly EventFilter[], path: string, depth: number): FieldFault[] {
  return filters.length === 0
    ? [required(path, 'at least one filter')]
    : filters.flatMap((filter, index) => expressionFaults(filter, childPath(path, index), depth + 1));
}
