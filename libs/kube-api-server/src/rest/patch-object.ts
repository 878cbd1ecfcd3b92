import { jsonPatch } from '../patch/json-patch.js';
import { mergePatch } from '../patch/merge-patch.js';
import { strategicMergePatch } from '../patch/strategic-merge-patch.js';
import { asRequestedKind } from './read-body.js';
import type { RestContext } from './rest-context.js';
import { writeOptions, type ItemRequest } from './resource-request.js';
import { badRequest, StatusError, unsupportedMediaType } from './status-error.js';
import { existingObject, replaceObject } from './update-object.js';
import { fromStored, type Accepted } from './validate-object.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** `PATCH <object>` and `PATCH <object>/status`: kubectl apply, edit, patch, label, annotate; finalizers and status of controllers. */
export function patchObject(context: RestContext, request: ItemRequest): Accepted {
  const { target } = request;
  const current = existingObject(context, target);
  const patched = applyPatch(request, fromStored(target.resolved, current));
  return replaceObject(context, target, current, asRequestedKind(patched, request), writeOptions(request.query));
}

/** What the patch in a request makes of `value`. */
export function applyPatch({ target, contentType, body }: ItemRequest, value: unknown): unknown {
  const { custom } = target.resolved.kind;
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === MERGE_PATCH) return mergePatch(value, parse(body));
  if (mediaType === STRATEGIC_MERGE_PATCH && !custom) return strategicMergePatch(value, parse(body));
  if (mediaType === JSON_PATCH) return applyJsonPatch(value, parse(body));
  if (mediaType === APPLY_PATCH) {
    throw unsupportedMediaType('server-side apply is not served here; use kubectl apply without --server-side');
  }
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(custom ? [] : [STRATEGIC_MERGE_PATCH])];
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw badRequest(`the patch is not JSON: ${(error as SyntaxError).message}`);
  }
}

function applyJsonPatch(value: unknown, patch: unknown): unknown {
  const result = jsonPatch(value, patch);
  switch (result.outcome) {
    case 'patched':
      return result.value;
    case 'malformed':
      throw badRequest(result.message);
    case 'too-large':
      throw new StatusError(413, 'RequestEntityTooLarge', result.message);
    case 'inapplicable':
      throw new StatusError(
        422,
        'Invalid',
        `the server rejected our request due to an error in our request: ${result.message}`,
        {},
      );
  }
}
