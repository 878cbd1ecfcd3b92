import { createRequire } from 'node:module';
import type { Broker, Cluster } from 'kafkajs';

/** The one version whose source was read for this. */
const KNOWN_VERSION = '2.2.4';

/** Versions of the metadata request whose body is a list of topics and whether to make them. */
const FIRST_VERSION_WITH_CREATION = 4;

const PATCHED = Symbol.for('millrace.kafkajs.patched');

/** The part of a kafkajs request queue that is read here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

interface Encoder {
  writeArray(items: readonly string[]): Encoder;
  writeBoolean(value: boolean): Encoder;
}

interface MetadataArguments {
  readonly topics: readonly string[];
  readonly allowAutoTopicCreation: boolean;
}

interface MetadataExchange {
  readonly request: { readonly apiVersion: number; encode(): Promise<Encoder> };
}

interface MetadataRequests {
  protocol(version: { readonly version: number }): (given: MetadataArguments) => MetadataExchange;
  [PATCHED]?: boolean;
}

interface CoordinatorFinder {
  /** The broker's answer, of whatever shape. */
  findGroupCoordinatorMetadata: (this: Cluster, request: CoordinatorRequest) => Promise<unknown>;
}

interface GroupJoiner {
  joinAndSync: (this: GroupJoiner) => Promise<void>;
}

interface CoordinatorRequest {
  readonly groupId: string;
}

/** A broker with the request that kafkajs's types leave out. */
type CoordinatorSource = Broker & { findGroupCoordinator(request: CoordinatorRequest): Promise<unknown> };

const require = createRequire(import.meta.url);

/**
 * Mends four faults of kafkajs, which nobody maintains. Only this library may import it, so that nobody else is concerned. Another version than the known one is left as
 * it is. Idempotent.
 */
export function patchKafkaJs(): void {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== KNOWN_VERSION) return;
  const { requests } = require('kafkajs/src/protocol/requests') as { requests: { Metadata: MetadataRequests } };
  if (requests.Metadata[PATCHED]) return;
  requests.Metadata[PATCHED] = true;
  askForNoTopics(requests.Metadata);
  lookOnlyWhereSomethingWaits();
  tellWhyThereIsNoCoordinator();
  giveUpWhereJoiningFails();
}

/**
 * A client that needs no topic asks for those of the whole cluster, and fails when any of them has no leader. Now it asks for none, and gets the brokers.
 */
function askForNoTopics(metadata: MetadataRequests): void {
  const protocol = metadata.protocol.bind(metadata);
  const NewEncoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
  metadata.protocol = (version) => {
    const exchangeFor = protocol(version);
    return (given) => {
      const exchange = exchangeFor(given);
      if (given.topics.length > 0 || version.version < FIRST_VERSION_WITH_CREATION) return exchange;
      const encode = () => Promise.resolve(new NewEncoder().writeArray([]).writeBoolean(given.allowAutoTopicCreation));
      return { ...exchange, request: { ...exchange.request, encode } };
    };
  };
}

/**
 * kafkajs looks for requests that wait again and again, although none can wait unless it was put there, which looks by itself: a timer of a millisecond
 * for each answer and idle connection, and on Node 24 a warning of a negative time-out (kafkajs issue 1751).
 */
function lookOnlyWhereSomethingWaits(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
}

/** Where every broker refuses to name the coordinator of a group, kafkajs keeps to itself why. Now one is asked again, and what it says is told. */
function tellWhyThereIsNoCoordinator(): void {
  const { prototype } = require('kafkajs/src/cluster') as { prototype: CoordinatorFinder };
  const original = prototype.findGroupCoordinatorMetadata;
  prototype.findGroupCoordinatorMetadata = async function (this: Cluster, request): Promise<unknown> {
    try {
      return await original.call(this, request);
    } catch (error) {
      if ((error as Error).name !== 'KafkaJSGroupCoordinatorNotFound') throw error;
      const broker = await this.findControllerBroker().catch(() => {
        throw error;
      });
      return (broker as CoordinatorSource).findGroupCoordinator(request);
    }
  };
}

/**
 * A join that fails with what may pass is not tried again by kafkajs, unless the group asks for it: the member goes on in its former generation, and nobody is told that
 * the join which was announced does not come. Now such a consumer crashes.
 */
function giveUpWhereJoiningFails(): void {
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: GroupJoiner };
  const { KafkaJSNonRetriableError } = require('kafkajs/src/errors') as {
    KafkaJSNonRetriableError: new (error: unknown, options: { readonly cause: unknown }) => Error;
  };
  const original = prototype.joinAndSync;
  prototype.joinAndSync = async function (this: GroupJoiner): Promise<void> {
    try {
      await original.call(this);
    } catch (error) {
      throw new KafkaJSNonRetriableError(error, { cause: error });
    }
  };
}
