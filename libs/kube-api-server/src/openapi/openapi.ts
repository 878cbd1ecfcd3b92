import { createHash } from 'node:crypto';
import type { KindRegistry } from '../registry/kind-registry.js';
import { jsonResponse, type ApiResponse } from '../server/api-exchange.js';
import { openApiV3 } from './openapi-v3.js';

interface Document {
  readonly body: string;
  readonly hash: string;
}

/** The kinds never change while the process runs, so each document is made once. */
const documentsOf = new WeakMap<KindRegistry, ReadonlyMap<string, Document>>();

/** Answers `/openapi/v2`, `/openapi/v3` and `/openapi/v3/...` (kubectl explain, apply, create, edit, diff); undefined for any other path. */
export function openApi(registry: KindRegistry, path: string, query: URLSearchParams): ApiResponse | undefined {
  if (path === '/openapi/v2') return EMPTY_V2;
  if (!path.startsWith('/openapi/v3')) return undefined;
  let documents = documentsOf.get(registry);
  if (documents === undefined) documentsOf.set(registry, (documents = v3Documents(registry)));
  if (path === '/openapi/v3') return jsonResponse(200, index(documents));
  const document = documents.get(path.slice('/openapi/v3/'.length));
  if (document === undefined) return undefined;
  const { body, hash } = document;
  return { status: 200, contentType: 'application/json', body, headers: cacheHeaders(hash, query) };
}

/**
 * kubectl asks for `/openapi/v2` in protobuf alone, where the v3 documents leave something open, and takes an empty document for "no
 * schema". The `@` of its Accept header must not come back in the Content-Type: Go cannot parse it (kubernetes/kube-openapi#354).
 */
const EMPTY_V2: ApiResponse = {
  status: 200,
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  body: '',
};

function v3Documents(registry: KindRegistry): ReadonlyMap<string, Document> {
  return new Map(
    registry.versions.map((version) => {
      const body = JSON.stringify(openApiV3(version));
      const hash = createHash('sha256').update(body).digest('hex').toUpperCase();
      return [version.path.slice(1), { body, hash }];
    }),
  );
}

/** Clients keep a document for as long as the index names the same hash. */
function index(documents: ReadonlyMap<string, Document>): object {
  const paths = [...documents].map(([root, { hash }]) => {
    const serverRelativeURL = `/openapi/v3/${root}?hash=${hash}`;
    return [root, { serverRelativeURL }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

function cacheHeaders(hash: string, query: URLSearchParams): Record<string, string> {
  const isCurrent = query.get('hash') === hash;
  return { ETag: `"${hash}"`, 'Cache-Control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache' };
}
