/** What a channelUrlTemplate may name in braces. */
export interface ChannelUrlParts {
  readonly hostname: string;
  readonly namespace: string;
  readonly name: string;
  /** Host of the ingress's Service. */
  readonly ingress: string;
}

/** The URL that a producer can really reach: the template with its placeholders filled in. An unknown placeholder stays as it is. */
export function channelUrl(template: string, parts: ChannelUrlParts): string {
  return template.replace(/\{(hostname|namespace|name|ingress)\}/g, (_, part: keyof ChannelUrlParts) => parts[part]);
}
