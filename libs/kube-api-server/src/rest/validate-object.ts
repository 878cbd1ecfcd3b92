import {
  apiVersionOf,
  pruneUnknownFields,
  validateAgainstSchema,
  type FieldFault,
  type KubeObject,
} from '@millrace/eventing-api';
import type { ResolvedKind } from '../registry/kind-registry.js';
import { metadataFaults } from './object-metadata.js';
import type { RestContext } from './rest-context.js';
import type { WriteOptions } from './resource-request.js';
import { badRequest, invalidObject } from './status-error.js';

/** An object that was accepted, with sentences for the user (`Warning` header). */
export interface Accepted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * Checks what a client sent, or what its patch makes of an object, against the schema of the requested version, takes out unknown fields and
 * converts it to the stored version.
 */
export function checkSchema(
  resolved: ResolvedKind,
  object: KubeObject,
  { fieldValidation }: Pick<WriteOptions, 'fieldValidation'>,
): Accepted {
  const { kind, version, schema } = resolved;
  const { value, unknownPaths } = pruneUnknownFields(schema, dropNulls(resolved, object));
  const unknownFields = unknownPaths.map((path) => `unknown field "${path}"`);
  if (fieldValidation === 'Strict' && unknownFields.length > 0) {
    throw badRequest(
      `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: strict decoding error: ${unknownFields.join(', ')}`,
    );
  }
  refuseFaults(resolved, object, validateAgainstSchema(schema, value));
  return {
    object: toStored(resolved, value as KubeObject),
    warnings: fieldValidation === 'Warn' ? unknownFields : [],
  };
}

/** Validates the metadata, then lets the admission function of the kind fill in defaults and refuse. */
export function admit(
  context: RestContext,
  resolved: ResolvedKind,
  object: KubeObject,
  previous: KubeObject | undefined,
): Accepted {
  const outcome = resolved.kind.admission?.(object, previous, context.lookup) ?? { object, faults: [], warnings: [] };
  refuseFaults(resolved, object, [...metadataFaults(resolved.kind, object.metadata), ...outcome.faults]);
  return outcome;
}

function refuseFaults(resolved: ResolvedKind, { metadata }: KubeObject, faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw invalidObject(resolved, metadata.name ?? '', faults);
}

/** Go reads null as absent: everywhere in built-in kinds, in the metadata of custom ones (`creationTimestamp: null`). */
function dropNulls({ kind }: ResolvedKind, object: KubeObject): unknown {
  if (!kind.custom) return withoutNulls(object);
  return { ...object, metadata: withoutNulls(object.metadata) };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(present.map(([name, field]) => [name, withoutNulls(field)]));
}

/** From the requested version to the stored one. */
export function toStored({ kind, alias }: ResolvedKind, object: KubeObject): KubeObject {
  return { ...(alias?.toStored(object) ?? object), apiVersion: apiVersionOf(kind) };
}

/** From the stored version to the requested one. */
export function fromStored({ alias, apiVersion }: ResolvedKind, object: KubeObject): KubeObject {
  return alias ? { ...(alias.fromStored?.(object) ?? object), apiVersion } : object;
}
