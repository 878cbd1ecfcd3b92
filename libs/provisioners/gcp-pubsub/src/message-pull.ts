import {
  Duration,
  type DebugMessage,
  SubscriptionCloseBehaviors,
  type Message,
  type PubSub,
  type SubscriberOptions,
  type Subscription,
} from '@google-cloud/pubsub';
import { GRPC, grpcCode } from './gcp-pubsub-refusals.js';

/** What a pull tells. */
export interface PullListener {
  /** In the order of the service for each key. The lease of the message is kept until it is acknowledged or given back. */
  onMessage(message: Message): void;
  /** The service no longer holds these for us: the leases could not be renewed in time. */
  onLeasesLost(ackIds: readonly string[], error: Error): void;
  /** Nothing more comes, and it was not asked to end. What it handed over stays leased. */
  onBroken(error: Error): void;
  /** The subscription does not exist any more. */
  onGone(error: Error): void;
}

export interface PullSettings {
  readonly subscriptionName: string;
  /** Messages that the service leaves with us at one time. */
  readonly maxMessages: number;
  readonly ackDeadlineSeconds: number;
}

/** As long as retries may take; timers take at most 24 days. The service gives up an event only at the end of its retention. */
const LONGEST_LEASE = Duration.from({ hours: 14 * 24 });
/** What the service leaves with us of one subscription at one time: `maxMessages` events may be gigabytes. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** Between two tries of the client to open the stream; it begins with 100 ms. */
const LONGEST_BACKOFF = Duration.from({ seconds: 10 });
/** Acknowledgements wait this long for others. */
const ACK_BATCHING_MS = 10;

/** Statuses after which the client opens its stream again by itself (pull-retry.ts of the client). */
const RETRIED_BY_CLIENT: ReadonlySet<number | undefined> = new Set([
  GRPC.cancelled,
  GRPC.deadlineExceeded,
  GRPC.resourceExhausted,
  GRPC.aborted,
  GRPC.internal,
  GRPC.unavailable,
]);

/** One streaming pull. The client keeps it open and keeps leases, until the service says no for good. */
export class MessagePull {
  /** Resolves when it has ended, and the service has been told of everything that was acknowledged or given back. Never rejects. */
  readonly ended: Promise<void>;
  private readonly end = Promise.withResolvers<undefined>();
  private readonly subscription: Subscription;
  private over = false;

  constructor(
    client: PubSub,
    settings: PullSettings,
    private readonly listener: PullListener,
  ) {
    this.ended = this.end.promise;
    const options = subscriberOptions(settings);
    this.subscription = client.subscription(settings.subscriptionName, options);
    // The client has told itself what to ask of the service. Its own bound, which it takes over when it begins, would pause a stream that is full: what is under way
    // then is leased by nobody, and the end of the subscription goes unseen.
    options.flowControl = { maxMessages: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };
    this.subscription
      .on('error', this.onError)
      .on('debug', this.onDebug)
      .on('close', this.onClose)
      .on('message', (message: Message) => listener.onMessage(message));
  }

  /** Fetches nothing more. It ends when the last message that it handed over is acknowledged or given back. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.subscription.close().then(
      () => this.end.resolve(undefined),
      () => this.end.resolve(undefined),
    );
  }

  private readonly onError = (error: Error): void => {
    if (this.over) return;
    const code = grpcCode(error);
    if (code === GRPC.notFound) this.listener.onGone(error);
    else if (!RETRIED_BY_CLIENT.has(code)) this.break(error);
  };

  /** The only place where the client tells that it could not renew leases. */
  private readonly onDebug = ({ error }: DebugMessage): void => {
    const { ackIds } = (error ?? {}) as { ackIds?: readonly string[] };
    if (!error || !ackIds) return;
    if (grpcCode(error) === GRPC.notFound) this.listener.onGone(error);
    else this.listener.onLeasesLost(ackIds, error);
  };

  private readonly onClose = (): void => {
    this.end.resolve(undefined);
    this.break(new Error('The stream of the subscription was closed'));
  };

  private break(error: Error): void {
    if (this.over) return;
    this.over = true;
    // The client closes itself, once its last message is done.
    this.subscription.close().catch(() => {});
    this.listener.onBroken(error);
  }
}

function subscriberOptions({ maxMessages, ackDeadlineSeconds }: PullSettings): SubscriberOptions {
  const ackDeadline = Duration.from({ seconds: ackDeadlineSeconds });
  return {
    flowControl: { maxMessages, maxBytes: MAX_HELD_BYTES },
    streamingOptions: { maxStreams: 1, retryMaxBackoff: LONGEST_BACKOFF },
    minAckDeadline: ackDeadline,
    maxAckDeadline: ackDeadline,
    // A plain number would end the process, in a timer of the client.
    maxExtensionTime: LONGEST_LEASE,
    batching: { maxMilliseconds: ACK_BATCHING_MS, callOptions: { timeout: ackDeadlineSeconds * 1000 } },
    closeOptions: { behavior: SubscriptionCloseBehaviors.WaitForProcessing, timeout: LONGEST_LEASE },
  };
}
