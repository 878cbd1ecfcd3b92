import type { IncomingMessage } from 'node:http';

/** Where a request wants to go. */
export interface RequestTarget {
  /** Authority in lower case, the port included where one was given. */
  readonly host: string;
  /** Path without query. */
  readonly path: string;
}

/** Reads the target in origin form or in absolute form, which every server has to take (RFC 9112 section 3.2.2); undefined where it is neither. */
export function requestTarget(request: IncomingMessage): RequestTarget | undefined {
  const url = request.url ?? '';
  if (url.startsWith('/')) {
    const query = url.indexOf('?');
    return { host: (request.headers.host ?? '').toLowerCase(), path: query < 0 ? url : url.slice(0, query) };
  }
  const absolute = URL.parse(url);
  return absolute?.host ? { host: absolute.host, path: absolute.pathname } : undefined;
}

/** Whether there is more than one `Host`, which is an attack or a fault (RFC 9112 section 3.2); node:http takes the first. */
export function hasSecondHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** The first value of a header by its name in lower case. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
