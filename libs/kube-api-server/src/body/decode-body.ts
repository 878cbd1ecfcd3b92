import { parse } from 'yaml';
import { decodeProtobuf } from './decode-protobuf.js';

export type DecodedBody =
  | { readonly outcome: 'object'; readonly object: unknown }
  /** Answer 415. */
  | { readonly outcome: 'unsupported'; readonly message: string }
  /** Answer 400. */
  | { readonly outcome: 'malformed'; readonly message: string };

/**
 * Reads a request body by its Content-Type: JSON, YAML (with their `+json` and `+yaml` relatives), or the Kubernetes protobuf envelope of the kinds that
 * kubectl sends that way. A body without a Content-Type is refused: a web page could send one without asking (CORS "simple" request).
 */
export function decodeBody(contentType: string | undefined, bytes: Uint8Array): DecodedBody {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/vnd.kubernetes.protobuf') return decodeProtobuf(bytes);
  if (/^application\/(.+\+)?json$/.test(type)) return decodeText(bytes, 'json', parseJson);
  if (/^application\/(.+\+)?yaml$/.test(type)) return decodeText(bytes, 'yaml', parseYaml);
  const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  return {
    outcome: 'unsupported',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  };
}

function decodeText(bytes: Uint8Array, format: string, read: (text: string) => unknown): DecodedBody {
  try {
    return { outcome: 'object', object: read(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch (error) {
    return { outcome: 'malformed', message: `${format} parse error: ${(error as Error).message}` };
  }
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

function parseYaml(text: string): unknown {
  return parse(text, { schema: 'core', maxAliasCount: 100 });
}
