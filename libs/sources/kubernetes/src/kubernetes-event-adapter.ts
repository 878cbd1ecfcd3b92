import {
  EVENT,
  type Clock,
  type Event,
  type Health,
  type Logger,
  type MetricsRegistry,
  type ProcessPart,
} from '@millrace/eventing-api';
import { ListWatchCache, type KubeClient, type ObjectChange } from '@millrace/kube';
import { registerSourceMetrics, Sink } from '@millrace/sources-sink';
import { EventQueue } from './event-queue.js';
import { occurredAtMs, toCloudEvent } from './to-cloud-event.js';

/** What the adapter watches and where it sends. */
export interface KubernetesEventAdapterOptions {
  /** Namespace whose Events are forwarded. */
  readonly namespace: string;
  /** Absolute http(s) URL that takes the CloudEvents. */
  readonly sink: string;
  /** Time for one POST. Default 30 s. */
  readonly attemptTimeoutMs?: number | undefined;
}

export interface AdapterParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

/**
 * Forwards the Kubernetes Events of one namespace, each once: those that happened before this process started are not sent, so that an adapter which
 * restarts repeats nothing (in 2019 each start sent all Events that the API still had). It records no Kubernetes Events itself, so it cannot feed itself.
 */
export class KubernetesEventAdapter implements ProcessPart {
  readonly name = 'kubernetes-event-adapter';
  private readonly cache: ListWatchCache<Event>;
  private readonly sink: Sink;
  private readonly queue: EventQueue;
  private readonly startedAtMs: number;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly parts: AdapterParts,
    private readonly options: KubernetesEventAdapterOptions,
  ) {
    const { client, clock, logger, metrics } = parts;
    this.cache = new ListWatchCache({ client, kind: EVENT, clock, logger, namespace: options.namespace });
    this.sink = new Sink(options.sink, options.attemptTimeoutMs ?? 30_000);
    this.queue = new EventQueue({ post: (event, signal) => this.sink.post(event, signal), clock, logger });
    // Kubernetes tells time in whole seconds.
    this.startedAtMs = Math.floor(clock.now() / 1000) * 1000;
    registerSourceMetrics(metrics, this.queue);
  }

  /** Events that wait for the sink. */
  get pending(): number {
    return this.queue.pending;
  }

  start(): Promise<void> {
    this.cache.start();
    void this.cache.whenSynced().then(
      () => this.forward(),
      () => undefined,
    );
    this.parts.logger.info('Forwarding Kubernetes Events', {
      namespace: this.options.namespace,
      sink: this.options.sink,
    });
    return Promise.resolve();
  }

  health(): Health {
    return this.cache.synced
      ? { status: 'up' }
      : { status: 'down', message: `Events of namespace "${this.options.namespace}" could not be listed yet` };
  }

  async stopIntake(): Promise<void> {
    this.unsubscribe();
    await this.cache.stop();
  }

  drain(deadline: AbortSignal): Promise<void> {
    return this.queue.whenIdle(deadline);
  }

  async close(): Promise<void> {
    await this.queue.close();
    await this.sink.close();
  }

  private forward(): void {
    let isFirstList = true;
    this.unsubscribe = this.cache.subscribe((change) => {
      if (!isNews(change)) return;
      // What the first list shows may be an hour old; whatever comes later is news by itself.
      if (isFirstList && occurredAtMs(change.object) < this.startedAtMs) return;
      this.queue.send(toCloudEvent(change.object));
    });
    isFirstList = false;
  }
}

/** An Event that expires is none; neither is one that is told again after the watch was opened anew. */
function isNews({ type, object, previous }: ObjectChange<Event>): boolean {
  return type !== 'deleted' && object.metadata.resourceVersion !== previous?.metadata.resourceVersion;
}
