import type { ChannelAddress } from './channel-intake.types.js';

const PATH = /^\/([a-z0-9][a-z0-9.-]*)\/([a-z0-9][a-z0-9.-]*)\/?$/;

/**
 * Finds the Channel that a request names: by the path `/<namespace>/<channel>`, or at `/` by the Host, which is the name of the Channel's
 * Service or `<channel>.<namespace>.channels.<cluster domain>` (as in 2019); the port of the Host does not count. Hosts are in
 * lower case.
 */
export class ChannelLocator {
  private readonly byHostname = new Map<string, ChannelAddress>();
  private readonly virtualSuffix: string;

  constructor(private readonly clusterDomain: string) {
    this.virtualSuffix = `.channels.${clusterDomain}`;
  }

  /** The DNS name of the Channel's Service was `before` and is `now`; undefined = none. */
  rename(channel: ChannelAddress, before: string | undefined, now: string | undefined): void {
    if (before !== undefined && before !== now) this.byHostname.delete(before);
    if (now !== undefined) this.byHostname.set(now, channel);
  }

  /** Undefined when the request names no Channel; whether one that is named exists is another question. The path has no query. */
  locate(host: string, path: string): ChannelAddress | undefined {
    if (path === '/') return this.locateByHost(host);
    const [, namespace, name] = PATH.exec(path) ?? [];
    return namespace === undefined || name === undefined ? undefined : { namespace, name };
  }

  private locateByHost(host: string): ChannelAddress | undefined {
    const hostname = host.replace(/:\d+$/, '').replace(/\.$/, '');
    if (!hostname.endsWith(this.virtualSuffix)) return this.byHostname.get(this.qualify(hostname));
    const [name, namespace, ...rest] = hostname.slice(0, -this.virtualSuffix.length).split('.');
    return name && namespace && rest.length === 0 ? { namespace, name } : undefined;
  }

  /** The full name of a Service that was called by a short one, as a pod's DNS search list allows. */
  private qualify(hostname: string): string {
    if (hostname.endsWith('.svc')) return `${hostname}.${this.clusterDomain}`;
    return hostname.split('.').length === 2 ? `${hostname}.svc.${this.clusterDomain}` : hostname;
  }
}
