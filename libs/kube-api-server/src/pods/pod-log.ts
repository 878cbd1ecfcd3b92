import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { POD, type Pod } from '@millrace/eventing-api';
import type { ItemRequest } from '../rest/resource-request.js';
import type { RestContext } from '../rest/rest-context.js';
import { badRequest } from '../rest/status-error.js';
import { existingObject } from '../rest/update-object.js';
import type { ApiAnswer } from '../server/api-exchange.js';
import { nameOf, resourceName, uidOf } from '../storage/object-store.js';
import { ignoreMissing, LogFollower, text } from './log-follower.js';
import { selectLines, splitLines } from './log-lines.js';
import { readPodLogOptions, type PodLogOptions } from './pod-log-options.js';

/**
 * `GET <pod>/log`: kubectl logs. The log of a container is the file `<podLogDir>/<namespace>_<pod>_<uid>/<container>.log`; with a `.1` behind it, that of the
 * process before. A container that has said nothing has no file; its log is empty.
 */
export async function podLog(context: RestContext, request: ItemRequest, podLogDir: string): Promise<ApiAnswer> {
  const pod = existingObject(context, request.target) as Pod;
  const options = readPodLogOptions(request.query, context.clock.now());
  const path = join(podLogDir, directoryOf(pod), `${containerOf(pod, options)}.log`);
  if (options.follow && !options.previous) {
    return {
      stream: (response) => follow(new LogFollower(path, options, context.clock, () => isOver(context, pod)), response),
    };
  }
  const content = await readFile(options.previous ? `${path}.1` : path, 'utf8').catch(ignoreMissing);
  if (content === undefined && options.previous) {
    throw badRequest(`previous terminated container "${containerOf(pod, options)}" in pod "${nameOf(pod)}" not found`);
  }
  const { lines, rest } = splitLines(content ?? '');
  const body = Buffer.from(text(selectLines(rest === '' ? lines : [...lines, rest], options)));
  return { status: 200, contentType: 'text/plain', body: body.subarray(0, options.limitBytes) };
}

function follow(follower: LogFollower, response: Parameters<LogFollower['follow']>[0]): () => void {
  follower.follow(response).catch((error: unknown) => response.destroy(error as Error));
  return () => follower.end();
}

function directoryOf(pod: Pod): string {
  return [pod.metadata.namespace, nameOf(pod), uidOf(pod)].join('_');
}

function containerOf({ metadata, spec }: Pod, { container }: PodLogOptions): string {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  if (container === undefined) {
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return only;
    throw badRequest(
      `a container name must be specified for pod ${metadata.name ?? ''}, choose one of: [${names.join(' ')}]`,
    );
  }
  if (names.includes(container) && basename(container) === container) return container;
  throw badRequest(`container ${container} is not valid for pod ${metadata.name ?? ''}`);
}

function isOver({ store }: RestContext, { metadata }: Pod): boolean {
  const current = store.get(resourceName(POD), metadata.namespace ?? '', metadata.name ?? '') as Pod | undefined;
  if (current?.metadata.uid !== metadata.uid) return true;
  return current?.status?.phase === 'Succeeded' || current?.status?.phase === 'Failed';
}
