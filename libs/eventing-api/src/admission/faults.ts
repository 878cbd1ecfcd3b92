import type { FieldFault } from './admission.types.js';

const MAX_SHOWN_VALUE = 200;

/** A value that is not allowed: `invalid('spec.retry', -1, 'must be …')`. */
export function invalid(field: string, value: unknown, requirement: string): FieldFault {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${requirement}` };
}

/** A value that has to be there and is not; `requirement` says what to write. */
export function required(field: string, requirement: string): FieldFault {
  return {
    field,
    reason: 'FieldValueRequired',
    message: requirement === '' ? 'Required value' : `Required value: ${requirement}`,
  };
}

/** A value that may not be there, or may not change. */
export function forbidden(field: string, why: string): FieldFault {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` };
}

/** A value outside a closed list. */
export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldFault {
  const values = supported.map((each) => JSON.stringify(each)).join(', ');
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${values}`,
  };
}

/** `spec.subscribers[0]`, `metadata.labels[example.com/team]`: one step further down, as Kubernetes writes paths. */
export function childPath(parent: string, key: string | number): string {
  if (typeof key === 'number') {
    return `${parent}[${key}]`;
  }
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) {
    return `${parent}[${key}]`;
  }
  return parent === '' ? key : `${parent}.${key}`;
}

/** A value as JSON, cut short: an error message is no place for a megabyte. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > MAX_SHOWN_VALUE ? `${text.slice(0, MAX_SHOWN_VALUE)}…` : text;
}
