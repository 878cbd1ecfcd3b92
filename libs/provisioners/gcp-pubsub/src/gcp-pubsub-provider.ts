import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { gcpPubSubCapabilities } from './capabilities.js';
import { GcpPubSubDriver } from './gcp-pubsub-driver.js';
import {
  gcpPubSubCapabilitiesFor,
  gcpPubSubOptions,
  GcpPubSubArguments,
  GcpPubSubParameters,
} from './gcp-pubsub-options.js';

/** The Google Cloud Pub/Sub driver. */
export const gcpPubSubDriverProvider: ChannelDriverProvider = {
  driver: 'gcp-pubsub',
  claims: { 'gcp-pubsub': {} },
  capabilities: gcpPubSubCapabilities,
  capabilitiesFor: gcpPubSubCapabilitiesFor,
  parametersSchema: GcpPubSubParameters,
  argumentsSchema: GcpPubSubArguments,
  // Connects to nothing yet: a store that is away is told by its health.
  // eslint-disable-next-line @typescript-eslint/require-await -- parameters that cannot work reject, and do not throw
  open: async (parameters, secrets, context) => new GcpPubSubDriver(gcpPubSubOptions(parameters, secrets), context),
};
