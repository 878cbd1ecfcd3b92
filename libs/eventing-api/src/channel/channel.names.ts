/** Labels that tie a Service to its Channel: those of v0.4 and, with the same values, those of 2018 (Knative Eventing v0.4 `channel_util.go`). */
export const CHANNEL_LABEL = 'eventing.knative.dev/channel';
export const PROVISIONER_LABEL = 'eventing.knative.dev/provisioner';
export const LEGACY_CHANNEL_LABEL = 'channel';
export const LEGACY_PROVISIONER_LABEL = 'provisioner';

const MAX_NAME_PART = 48;
const UID_PART = 5;

/**
 * Name of a Channel's Service: `<channel>-channel-<5 characters of the UID>`, always a DNS label that starts with a letter (RFC 1035), as
 * Services need. 2019 drew a random suffix; one that follows from the UID means that a lost status never makes a second Service.
 */
export function channelServiceName(channel: { readonly name: string; readonly uid: string }): string {
  const prefix = /^[0-9]/.test(channel.name) ? `ch-${channel.name}` : channel.name;
  const suffix = channel.uid
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .slice(0, UID_PART);
  return `${prefix.slice(0, MAX_NAME_PART)}-channel-${suffix}`;
}

/** Labels of a Channel's Service (and VirtualService): the names of the Channel and of its ClusterChannelProvisioner, under both generations of keys. */
export function channelServiceLabels(names: {
  readonly channel: string;
  readonly provisioner: string;
}): Record<string, string> {
  return {
    [CHANNEL_LABEL]: names.channel,
    [PROVISIONER_LABEL]: names.provisioner,
    [LEGACY_CHANNEL_LABEL]: names.channel,
    [LEGACY_PROVISIONER_LABEL]: names.provisioner,
  };
}

/** What `status.address.hostname` shows: `<service>.<namespace>.svc.<cluster domain>`; no scheme, port or path. */
export function channelServiceHostname(service: {
  readonly serviceName: string;
  readonly namespace: string;
  readonly clusterDomain: string;
}): string {
  return `${service.serviceName}.${service.namespace}.svc.${service.clusterDomain}`;
}

/** The host under which 2019's dispatchers knew a Channel: `<channel>.<namespace>.channels.<cluster domain>`. */
export function channelVirtualHost(channel: {
  readonly name: string;
  readonly namespace: string;
  readonly clusterDomain: string;
}): string {
  return `${channel.name}.${channel.namespace}.channels.${channel.clusterDomain}`;
}
