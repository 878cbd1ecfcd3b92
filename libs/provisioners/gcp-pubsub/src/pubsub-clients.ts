import { PubSub, type ClientConfig } from '@google-cloud/pubsub';
import { JWT, PassThroughClient, type AuthClient } from 'google-auth-library';
import type { GcpPubSubOptions } from './gcp-pubsub-options.js';

/** The service takes about 100 streams on one connection, and further ones starve without a word (nodejs-pubsub issue 1135). */
const CONSUMPTIONS_PER_CLIENT = 50;

const PUBSUB_SCOPE = 'https://www.googleapis.com/auth/pubsub';

/** A client to pull with. */
export interface ConsumptionClient {
  readonly client: PubSub;
  /** Says that the consumption has ended. Idempotent. */
  release(): void;
}

/** The connections of one store: one to publish and to administer with, and one for so many consumptions. Nothing connects before it is used. */
export class PubSubClients {
  readonly main: PubSub;
  private readonly pulling: { readonly client: PubSub; consumptions: number }[] = [];

  constructor(private readonly options: GcpPubSubOptions) {
    this.main = new PubSub(clientConfig(options));
  }

  forConsumption(): ConsumptionClient {
    let shared = this.pulling.find(({ consumptions }) => consumptions < CONSUMPTIONS_PER_CLIENT);
    if (!shared) {
      shared = { client: new PubSub(clientConfig(this.options)), consumptions: 0 };
      this.pulling.push(shared);
    }
    const entry = shared;
    entry.consumptions++;
    let isHeld = true;
    const release = () => {
      if (isHeld) entry.consumptions--;
      isHeld = false;
    };
    return { client: entry.client, release };
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.main, ...this.pulling.map(({ client }) => client)].map((client) => client.close()));
  }
}

function clientConfig(options: GcpPubSubOptions): ClientConfig {
  const { project, endpoint, isEmulator } = options;
  const authClient = authClientOf(options);
  return {
    projectId: project,
    // Both given, so that PUBSUB_EMULATOR_HOST of the process has no say.
    apiEndpoint: endpoint,
    emulatorMode: isEmulator,
    ...(authClient ? { authClient } : {}),
    // The default of 5 minutes leaves dead connections unseen (nodejs-pubsub issue 1779).
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // Without it all clients of a process share one connection, and its streams.
    'grpc.use_local_subchannel_pool': 1,
  } as ClientConfig;
}

/** Absent: Application Default Credentials. */
function authClientOf({ credentials, isEmulator }: GcpPubSubOptions): AuthClient | undefined {
  // The emulator asks for nothing, but without this the client looks for a metadata server, for seconds.
  if (isEmulator) return new PassThroughClient();
  if (!credentials) return undefined;
  return new JWT({ email: credentials.client_email, key: credentials.private_key, scopes: [PUBSUB_SCOPE] });
}
