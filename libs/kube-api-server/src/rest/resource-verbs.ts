import type { Clock, KubeObject } from '@millrace/eventing-api';
import { podLog } from '../pods/pod-log.js';
import type { Verb } from '../registry/served-kind.types.js';
import { jsonResponse, type ApiAnswer, type ApiResponse } from '../server/api-exchange.js';
import { warningHeader } from '../server/warning-header.js';
import { readWatchOptions } from '../watch/watch-options.js';
import { WatchStream } from '../watch/watch-stream.js';
import { createObject } from './create-object.js';
import { deleteNamed } from './delete-object.js';
import { listObjects } from './list-objects.js';
import { patchObject } from './patch-object.js';
import { presentationFor } from './presentation.js';
import { readFlag, type ItemRequest, type ResourceRequest } from './resource-request.js';
import type { RestContext } from './rest-context.js';
import { changeScale, getScale } from './scale.js';
import { readSelection } from './selection.js';
import { methodNotAllowed, noSuchPath } from './status-error.js';
import { existingObject, updateObject } from './update-object.js';
import type { Accepted } from './validate-object.js';

/** Answers a request about objects: finds the verb that the method means here and carries it out. */
export async function answerResourceRequest(
  context: RestContext,
  request: ResourceRequest,
  podLogDir: string | undefined,
): Promise<ApiAnswer> {
  if (!isItemRequest(request)) return answerCollection(context, request);
  const { subresource, resolved } = request.target;
  switch (resolved.kind.subresources.find((served) => served === subresource)) {
    case 'scale':
      return answerScale(context, request);
    case 'log':
      if (podLogDir === undefined) throw noSuchPath();
      if (request.method !== 'GET') throw methodNotAllowed();
      return podLog(context, request, podLogDir);
    case 'status':
      if (request.method === 'DELETE') throw methodNotAllowed();
      return answerItem(context, request);
    case undefined:
      if (subresource !== undefined) throw noSuchPath();
      return answerItem(context, request);
  }
}

function answerCollection(context: RestContext, request: ResourceRequest): ApiAnswer {
  switch (request.method) {
    case 'GET':
      if (readFlag(request.query, 'watch')) return watch(context, request);
      assertServed(request, 'list');
      return jsonResponse(200, presentationFor(request, context.clock).list(listObjects(context, request)));
    case 'POST':
      assertServed(request, 'create');
      if (request.target.resolved.kind.namespaced && request.target.namespace === undefined) throw methodNotAllowed();
      return accepted(201, createObject(context, request), request, context.clock);
    default:
      throw methodNotAllowed();
  }
}

function answerItem(context: RestContext, request: ItemRequest): ApiAnswer {
  const presentation = presentationFor(request, context.clock);
  switch (request.method) {
    case 'GET':
      assertServed(request, 'get');
      return jsonResponse(200, presentation.object(existingObject(context, request.target)));
    case 'PUT':
      assertServed(request, 'update');
      return accepted(200, updateObject(context, request), request, context.clock);
    case 'PATCH':
      assertServed(request, 'patch');
      return accepted(200, patchObject(context, request), request, context.clock);
    case 'DELETE': {
      assertServed(request, 'delete');
      const deleted = deleteNamed(context, request);
      return jsonResponse(200, deleted.kind === 'Status' ? deleted : presentation.object(deleted as KubeObject));
    }
    default:
      throw methodNotAllowed();
  }
}

function answerScale(context: RestContext, request: ItemRequest): ApiAnswer {
  if (request.method === 'GET') return jsonResponse(200, getScale(context, request));
  if (request.method === 'PUT' || request.method === 'PATCH') return jsonResponse(200, changeScale(context, request));
  throw methodNotAllowed();
}

/** `GET <collection>?watch=true`: kubectl get -w, wait and delete; every list-watch cache. */
function watch({ store, clock }: RestContext, request: ResourceRequest): ApiAnswer {
  assertServed(request, 'watch');
  const { resolved } = request.target;
  const selection = readSelection(request);
  const presentation = presentationFor(request, clock);
  const options = readWatchOptions(request.query);
  return {
    stream: (response) => {
      const stream = new WatchStream({ store, clock, resolved, selection, presentation, options }, response);
      stream.start();
      return () => stream.end();
    },
  };
}

function isItemRequest(request: ResourceRequest): request is ItemRequest {
  return request.target.name !== undefined;
}

function assertServed({ target }: ResourceRequest, verb: Verb): void {
  if (!target.resolved.kind.verbs.includes(verb)) throw methodNotAllowed();
}

function accepted(status: number, { object, warnings }: Accepted, request: ResourceRequest, clock: Clock): ApiResponse {
  return { ...jsonResponse(status, presentationFor(request, clock).object(object)), headers: warningHeader(warnings) };
}
