import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { natsCapabilities, natsCapabilitiesFor } from './capabilities.js';
import { authenticatorOf, tlsOf } from './nats-credentials.js';
import { NatsDriver } from './nats-driver.js';
import { NatsArguments, natsOptions, NatsParameters } from './nats-options.js';
import { StoreConnection } from './store-connection.js';

/** The NATS JetStream driver. It answers to `nats`, and to `natss`, the name that Knative Eventing v0.4.0 had for NATS Streaming. */
export const natsDriverProvider: ChannelDriverProvider = {
  driver: 'nats',
  claims: { nats: {}, natss: {} },
  capabilities: natsCapabilities,
  capabilitiesFor: natsCapabilitiesFor,
  parametersSchema: NatsParameters,
  argumentsSchema: NatsArguments,
  async open(parameters, secrets, context) {
    const options = natsOptions(parameters);
    const authenticator = authenticatorOf(options, secrets);
    const tls = tlsOf(options, secrets);
    const connection = new StoreConnection(
      { name: 'millrace', servers: [...options.servers], ...(authenticator && { authenticator }), ...(tls && { tls }) },
      context.clock,
      context.logger,
    );
    await connection.open();
    return new NatsDriver(connection, options, context);
  },
};
