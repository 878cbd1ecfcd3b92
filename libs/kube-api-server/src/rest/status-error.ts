import type { FieldFault } from '@millrace/eventing-api';
import type { ResolvedKind } from '../registry/kind-registry.js';
import { resourceName } from '../storage/object-store.js';
import type { StatusReason } from './status-reasons.js';

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What a Status says of the object that it is about. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
}

/** `meta/v1 Status`: the answer to a request that returns no object. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code: number;
}

/**
 * A request refused, as the Status that the client gets. Unlike other expected outcomes of this code base it is thrown, since each verb can end
 * so at a dozen places and its transaction must be rolled back then; it is caught in one place only, where the answer is written.
 */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  constructor(code: number, reason: StatusReason, message: string, details?: StatusDetails) {
    super(message);
    this.status = failure(code, reason, message, details);
  }
}

export function failure(code: number, reason: StatusReason, message: string, details?: StatusDetails): Status {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code } as const;
  return details ? { ...status, details } : status;
}

export function success(details: StatusDetails): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code: 200 };
}

/** The name of a resource as its client addresses it: `events` and `events.events.k8s.io` are the same objects. */
function requestedResource({ group, kind: { plural } }: ResolvedKind): string {
  return resourceName({ group, plural });
}

/** The details of a Status about one object. */
export function detailsOf({ group, kind: { plural } }: ResolvedKind, name: string): StatusDetails {
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

/** 404 for an object. */
export function notFound(resolved: ResolvedKind, name: string): StatusError {
  const message = `${requestedResource(resolved)} "${name}" not found`;
  return new StatusError(404, 'NotFound', message, detailsOf(resolved, name));
}

/** 404 for a path. */
export function noSuchPath(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource');
}

export function alreadyExists(resolved: ResolvedKind, name: string): StatusError {
  const message = `${requestedResource(resolved)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resolved, name));
}

export function conflict(resolved: ResolvedKind, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${requestedResource(resolved)} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, detailsOf(resolved, name));
}

/** 422 that lists every fault. */
export function invalidObject(resolved: ResolvedKind, name: string, faults: readonly FieldFault[]): StatusError {
  const { kind } = resolved.kind;
  const of = resolved.group === '' ? kind : `${kind}.${resolved.group}`;
  const texts = faults.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const told = texts.length === 1 ? texts.join() : `[${texts.join(', ')}]`;
  const details = { ...detailsOf(resolved, name), kind, causes: faults };
  return new StatusError(422, 'Invalid', `${of} "${name}" is invalid: ${told}`, details);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function forbidden(resolved: ResolvedKind, name: string, why: string, causes: StatusCause[] = []): StatusError {
  const message = `${requestedResource(resolved)} "${name}" is forbidden: ${why}`;
  const details = { ...detailsOf(resolved, name), ...(causes.length > 0 ? { causes } : {}) };
  return new StatusError(403, 'Forbidden', message, details);
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

export function unsupportedMediaType(message: string): StatusError {
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** 410: the client lists anew. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}
