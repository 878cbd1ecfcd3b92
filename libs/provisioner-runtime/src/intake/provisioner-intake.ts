import type { ChannelIntake, IntakeRequest, IntakeResult } from '@millrace/delivery';
import { findCondition, type Channel, type Logger, type PublishResult, type StoredEvent } from '@millrace/eventing-api';
import { isDeleting, type LiveLookup, type ObjectCache } from '@millrace/kube';
import type { HostedChannel } from '../stores/hosted-channel.js';
import type { OpenStore } from '../stores/open-store.js';
import type { StoreHost } from '../stores/store-host.js';

const ACCEPTED: IntakeResult = { outcome: 'accepted' };
const NOT_READY_RETRY_MS = 1000;

export interface ProvisionerIntakeContext {
  readonly channels: ObjectCache<Channel>;
  readonly liveChannels: LiveLookup<Channel>;
  readonly stores: StoreHost;
  /** Told when the store does not have what keeps the events of a Channel that is there: somebody has deleted it. */
  readonly onStoreMissing: (hosted: HostedChannel) => void;
  readonly logger: Logger;
}

/** Takes in events for the Channels of this process's stores. */
export class ProvisionerIntake implements ChannelIntake {
  private stopped = false;

  constructor(private readonly context: ProvisionerIntakeContext) {}

  /** Refuses everything from now on. */
  stop(): void {
    this.stopped = true;
  }

  accept(request: IntakeRequest): Promise<IntakeResult> {
    const { channels } = this.context;
    if (this.stopped) return Promise.resolve(unavailable('The provisioner is shutting down'));
    if (!channels.synced) return Promise.resolve(unavailable('The provisioner does not know its Channels yet'));
    const channel = channels.get(request.channel);
    if (!channel || !isNamed(channel, request)) return this.lookUp(request);
    return this.acceptFor(channel, request);
  }

  /** The cache does not have what the request names: it may lag behind the API. */
  private async lookUp(request: IntakeRequest): Promise<IntakeResult> {
    const { namespace, name } = request.channel;
    let channel: Channel | undefined;
    try {
      channel = await this.context.liveChannels.find({ namespace, name });
    } catch {
      return unavailable(`Channel ${namespace}/${name} is not known here, and the API does not answer`);
    }
    if (!channel || !isNamed(channel, request) || isDeleting(channel)) return notFound(request);
    return unavailable(`Channel ${namespace}/${name} is not ready yet`);
  }

  private acceptFor(channel: Channel, request: IntakeRequest): Promise<IntakeResult> {
    if (isDeleting(channel)) return Promise.resolve(notFound(request));
    const store = this.context.stores.open(channel.spec?.provisioner?.name ?? '');
    const hosted = store?.channel(channel.metadata.uid ?? '');
    if (!store || !hosted?.takesEvents(channel)) {
      return Promise.resolve(unavailable(notReady(channel)));
    }
    const [event, ...more] = request.events;
    if (!event) return Promise.resolve(ACCEPTED);
    const { maxQueuedEvents = Infinity } = hosted;
    if (request.events.length > maxQueuedEvents) {
      return Promise.resolve(tooMany(request.events.length, maxQueuedEvents));
    }
    return more.length === 0 ? this.publish(store, hosted, event) : this.publishAll(store, hosted, request.events);
  }

  private publish(store: OpenStore, hosted: HostedChannel, event: StoredEvent): Promise<IntakeResult> {
    if (hosted.maxEventBytes !== undefined && eventBytes(event) > hosted.maxEventBytes) {
      return Promise.resolve(tooLarge(eventBytes(event), hosted.maxEventBytes));
    }
    return store.driver.publish(hosted.driverChannel, event, store.publishDeadlines.next()).then(
      (result) => this.resultOf(hosted, result),
      (error: unknown) => this.onThrow(hosted, error),
    );
  }

  private async publishAll(
    store: OpenStore,
    hosted: HostedChannel,
    events: readonly StoredEvent[],
  ): Promise<IntakeResult> {
    const results = await Promise.all(events.map((event) => this.publish(store, hosted, event)));
    const rejected = results.filter((result) => result.outcome === 'rejected');
    const [first] = rejected;
    if (!first) return ACCEPTED;
    if (rejected.length === results.length) return first;
    const message = `${results.length - rejected.length} of the ${results.length} events were taken; ${first.message}`;
    return { outcome: 'rejected', code: 'unavailable', message, retryAfterMs: first.retryAfterMs };
  }

  private resultOf(hosted: HostedChannel, result: PublishResult): IntakeResult {
    if (result.outcome === 'stored') return ACCEPTED;
    if (result.code === 'not-found') {
      // The Channel is there: what keeps its events is made again, and a producer that was told 404 would not come again.
      this.context.onStoreMissing(hosted);
      return unavailable(result.message);
    }
    return { outcome: 'rejected', code: result.code, message: result.message, retryAfterMs: result.retryAfterMs };
  }

  private onThrow(hosted: HostedChannel, error: unknown): IntakeResult {
    const { namespace, name } = hosted.driverChannel;
    this.context.logger.error('A publish failed unexpectedly', { namespace, channel: name, error });
    return unavailable('The store failed');
  }
}

/** Whether the Channel is the one that the request means: a UID, where given, tells namesakes apart. */
function isNamed(channel: Channel, request: IntakeRequest): boolean {
  return request.channel.uid === undefined || request.channel.uid === channel.metadata.uid;
}

function notFound({ channel: { namespace, name } }: IntakeRequest): IntakeResult {
  return { outcome: 'rejected', code: 'not-found', message: `There is no Channel ${namespace}/${name} here` };
}

/** With what the Channel itself says, which may be for its owner to mend. */
function notReady({ metadata, status }: Channel): string {
  const ready = findCondition(status?.conditions, 'Ready');
  const why = ready?.status === 'False' && ready.message ? `: ${ready.message}` : '';
  return `Channel ${metadata.namespace ?? ''}/${metadata.name ?? ''} is not ready${why}`;
}

function unavailable(message: string): IntakeResult {
  return { outcome: 'rejected', code: 'unavailable', message, retryAfterMs: NOT_READY_RETRY_MS };
}

function tooLarge(bytes: number, maxBytes: number): IntakeResult {
  const message = `The event has ${bytes} bytes; the store of this Channel takes at most ${maxBytes}`;
  return { outcome: 'rejected', code: 'too-large', message };
}

/** Sent again it would fit no better. */
function tooMany(events: number, maxEvents: number): IntakeResult {
  const message = `The request has ${events} events; the store of this Channel holds at most ${maxEvents} at one time`;
  return { outcome: 'rejected', code: 'too-large', message };
}

function eventBytes(event: StoredEvent): number {
  return event.headers.reduce((bytes, text) => bytes + text.length, event.body.length);
}
