import { isDeepStrictEqual } from 'node:util';
import type { FieldFault } from './admission.types.js';
import { childPath, forbidden } from './faults.js';

/** One fault for each field of `spec` that an update changes and may not; `advice` says what to do instead. */
export function immutabilityFaults(
  spec: object | undefined,
  previous: object | undefined,
  mutableFields: readonly string[],
  advice: string,
): FieldFault[] {
  const now = new Map<string, unknown>(Object.entries(spec ?? {}));
  const before = new Map<string, unknown>(Object.entries(previous ?? {}));
  return [...new Set([...now.keys(), ...before.keys()])]
    .filter((field) => !mutableFields.includes(field) && !isDeepStrictEqual(now.get(field), before.get(field)))
    .map((field) => forbidden(childPath('spec', field), `field is immutable; ${advice}`));
}
