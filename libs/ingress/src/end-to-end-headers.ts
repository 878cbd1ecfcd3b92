import { CHANNEL_UID_HEADER } from '@millrace/cloudevents-http';

/** Headers that mean one connection only (RFC 9110 section 7.6.1), and those that whoever sends the request on writes anew. */
const NOT_PASSED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  CHANNEL_UID_HEADER,
]);

/** The headers of a request that travel on with it, as they came: a flat list of names and values. */
export function endToEndHeaders(rawHeaders: readonly string[]): string[] {
  const named = namedByConnection(rawHeaders);
  const passed: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const lowerCase = name.toLowerCase();
    if (NOT_PASSED_ON.has(lowerCase) || named?.has(lowerCase)) continue;
    passed.push(name, rawHeaders[index + 1] as string);
  }
  return passed;
}

/** Headers that the `Connection` header of this very request declares to be hop-by-hop. */
function namedByConnection(rawHeaders: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if ((rawHeaders[index] as string).toLowerCase() !== 'connection') continue;
    named ??= new Set();
    for (const name of (rawHeaders[index + 1] as string).split(',')) named.add(name.trim().toLowerCase());
  }
  return named;
}
