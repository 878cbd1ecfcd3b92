import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { isRecord } from './is-record.js';

export type JsonPatchOutcome =
  | { readonly outcome: 'patched'; readonly value: unknown }
  /** The patch is no list of operations. */
  | { readonly outcome: 'malformed'; readonly message: string }
  /** An operation does not fit the document: a failed test, a missing path. */
  | { readonly outcome: 'inapplicable'; readonly message: string }
  | { readonly outcome: 'too-large'; readonly message: string };

/** The limit of the Kubernetes API server. */
const MAX_OPERATIONS = 10_000;
/** A few dozen copy operations could double a document beyond all bounds. */
const MAX_COPIED_CHARACTERS = 3 * 1024 * 1024;
const OPERATIONS: readonly unknown[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/** Applies a JSON patch (RFC 6902), all of it or nothing. Changes neither argument. */
export function jsonPatch(target: unknown, patch: unknown): JsonPatchOutcome {
  if (!isPatch(patch))
    return { outcome: 'malformed', message: 'a JSON patch is a list of operations with op and path' };
  if (patch.length > MAX_OPERATIONS) {
    return {
      outcome: 'too-large',
      message: `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    };
  }
  const value = structuredClone(target);
  let copiedCharacters = 0;
  for (const operation of patch) {
    if (operation.op === 'copy') {
      copiedCharacters += JSON.stringify(Pointer.fromJSON(operation.from).get(value) ?? null).length;
      if (copiedCharacters > MAX_COPIED_CHARACTERS)
        return { outcome: 'too-large', message: 'the JSON patch copies too much' };
    }
    const [fault] = applyPatch(value, [operation]);
    if (fault) return { outcome: 'inapplicable', message: `${operation.op} ${operation.path}: ${fault.message}` };
  }
  return { outcome: 'patched', value };
}

function isPatch(patch: unknown): patch is Operation[] {
  return Array.isArray(patch) && patch.every(isOperation);
}

function isOperation(operation: unknown): boolean {
  if (!isRecord(operation) || !OPERATIONS.includes(operation['op']) || !isPointer(operation['path'])) return false;
  return operation['op'] === 'move' || operation['op'] === 'copy' ? isPointer(operation['from']) : true;
}

function isPointer(value: unknown): value is string {
  return (
    typeof value === 'string' && (value === '' || value.startsWith('/')) && !value.split('/').includes('__proto__')
  );
}
