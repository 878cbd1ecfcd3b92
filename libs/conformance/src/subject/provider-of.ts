import type { ChannelDriverProvider } from '@millrace/eventing-api';
import type { ConformanceSubject } from './conformance-subject.js';

/** @throws Error where the harness has none: a requirement that needs it names it as its hook */
export function providerOf({ harness: { provider } }: ConformanceSubject): ChannelDriverProvider {
  if (!provider) throw new Error('The harness has no provider');
  return provider;
}
