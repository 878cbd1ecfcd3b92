import { BlockList, isIP } from 'node:net';
import { StatusError } from '../rest/status-error.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Refuses (403) what may come from a web page. The API knows no users, so it must be out of their reach: a foreign name that resolves to this machine
 * (DNS rebinding) shows in `Host`, a page's own request in `Origin`.
 */
export function refuseForeign(host: string | undefined, origin: string | undefined): void {
  const hostname = host?.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  if (hostname === undefined || !isLoopback(hostname.toLowerCase())) {
    throw new StatusError(403, 'Forbidden', `this API answers to localhost only, not to "${host ?? ''}"`);
  }
  if (origin !== undefined) {
    throw new StatusError(403, 'Forbidden', 'this API does not answer web pages (the request has an Origin)');
  }
}
