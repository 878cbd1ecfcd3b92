import type { KubeObject } from '@millrace/eventing-api';
import { decodeBody } from '../body/decode-body.js';
import { isRecord } from '../patch/is-record.js';
import type { ResourceRequest } from './resource-request.js';
import { badRequest, unsupportedMediaType } from './status-error.js';

/** The value in a request body. */
export function readValue({ contentType, body }: Pick<ResourceRequest, 'contentType' | 'body'>): unknown {
  const decoded = decodeBody(contentType, body);
  if (decoded.outcome === 'unsupported') throw unsupportedMediaType(decoded.message);
  if (decoded.outcome === 'malformed') throw badRequest(decoded.message);
  return decoded.object;
}

/** The object in the body of a create or an update, in the form of the requested version. */
export function readObject(request: ResourceRequest): KubeObject {
  return asRequestedKind(readValue(request), request);
}

/**
 * Takes a value for an object of the requested kind, or refuses it. `apiVersion` and `kind` may be absent; metadata fields that are null count as
 * absent (Go clients send `creationTimestamp: null`).
 */
export function asRequestedKind(value: unknown, { target }: Pick<ResourceRequest, 'target'>): KubeObject {
  const { kind, apiVersion } = target.resolved;
  if (!isRecord(value)) throw badRequest(`the body must be an object of kind ${kind.kind}`);
  const { apiVersion: givenVersion = apiVersion, kind: givenKind = kind.kind, metadata = {} } = value;
  if (givenVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(givenVersion)}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (givenKind !== kind.kind) {
    throw badRequest(`the kind in the data (${String(givenKind)}) does not match the expected kind (${kind.kind})`);
  }
  if (!isRecord(metadata)) throw badRequest('metadata must be an object');
  const present = Object.entries(metadata).filter(([, field]) => field !== null);
  return { ...value, apiVersion, kind: kind.kind, metadata: Object.fromEntries(present) };
}
