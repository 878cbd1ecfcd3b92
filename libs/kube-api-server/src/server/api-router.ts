import { discover } from '../discovery/discovery.js';
import { openApi } from '../openapi/openapi.js';
import { parseTarget } from '../rest/resource-target.js';
import { answerResourceRequest } from '../rest/resource-verbs.js';
import type { RestContext } from '../rest/rest-context.js';
import { noSuchPath } from '../rest/status-error.js';
import type { ApiAnswer, ApiRequest, ApiResponse } from './api-exchange.js';
import { answerSelfReview, answerServerEndpoint } from './server-endpoints.js';

/**
 * Finds who answers a request.
 * @throws StatusError for every request that is refused.
 */
export async function answerRequest(
  context: RestContext,
  request: ApiRequest,
  podLogDir: string | undefined,
): Promise<ApiAnswer> {
  const answer = answerFixedPath(context, request);
  if (answer) return answer;
  const target = parseTarget(context.registry, request.path);
  if (!target) throw noSuchPath();
  return answerResourceRequest(context, { ...request, target }, podLogDir);
}

function answerFixedPath({ registry }: RestContext, request: ApiRequest): ApiResponse | undefined {
  const { method, path, accept, query } = request;
  if (method === 'POST') return answerSelfReview(path);
  if (method !== 'GET') return undefined;
  return answerServerEndpoint(path) ?? discover(registry, path, accept) ?? openApi(registry, path, query);
}
