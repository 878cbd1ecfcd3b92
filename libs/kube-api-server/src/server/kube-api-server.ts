import type { Clock, Health, Logger, ProcessPart, ResourceDefinition } from '@millrace/eventing-api';
import { BackgroundQueue } from '../garbage-collection/background-queue.js';
import { removeOutdatedEvents } from '../garbage-collection/event-expiry.js';
import { NamespaceCascade } from '../garbage-collection/namespace-cascade.js';
import { OwnerCollector } from '../garbage-collection/owner-collector.js';
import { PeriodicBatches } from '../garbage-collection/periodic-batches.js';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import { restContext, type RestContext } from '../rest/rest-context.js';
import { StatusError } from '../rest/status-error.js';
import { compactOldRevisions } from '../storage/compaction.js';
import { ObjectStore } from '../storage/object-store.js';
import type { ApiAnswer, ApiRequest } from './api-exchange.js';
import { answerRequest } from './api-router.js';
import { HttpServer } from './http-server.js';
import { storeInitialObjects } from './initial-objects.js';
import { writeKubeconfig } from './kubeconfig.js';

export interface KubeApiServerOptions {
  /** A loopback address: the API knows no users. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where the objects are kept; one process at a time. */
  readonly dataDir: string;
  /** Where the logs of Pods are found. Absent: there are none. */
  readonly podLogDir?: string;
  /** Where to write a kubeconfig once the port is known. Absent: nowhere. */
  readonly kubeconfigPath?: string;
  /** The kinds to serve beside those of Kubernetes. */
  readonly definitions: readonly ResourceDefinition[];
}

/** The Kubernetes-compatible API over an embedded database, on a port of its own. */
export class KubeApiServer implements ProcessPart {
  readonly name = 'kube-api-server';
  readonly #options: KubeApiServerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #http: HttpServer;
  #context: RestContext | undefined;
  #background: readonly { start(): void; stop(): void }[] = [];

  constructor(options: KubeApiServerOptions, clock: Clock, logger: Logger) {
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#http = new HttpServer((request) => this.#answer(request), clock, logger);
  }

  /**
   * Opens the data directory and the port.
   * @throws StorageLockedError when another process uses the data directory; an Error with one sentence when the address is not a loopback address or is taken.
   */
  async start(): Promise<void> {
    const { host, port, dataDir, definitions, kubeconfigPath } = this.#options;
    const store = ObjectStore.open(dataDir, this.#clock);
    const context = restContext(store, new KindRegistry(servedKinds(definitions)), this.#clock);
    this.#context = context;
    this.#background = [
      new PeriodicBatches(this.#clock, this.#logger, () => compactOldRevisions(store)),
      new PeriodicBatches(this.#clock, this.#logger, () => removeOutdatedEvents(store, this.#clock.now())),
      new BackgroundQueue(context, this.#logger, new OwnerCollector(context, this.#logger)),
      new BackgroundQueue(context, this.#logger, new NamespaceCascade(context)),
    ];
    try {
      storeInitialObjects(context, definitions);
      await this.#http.listen(host, port);
      for (const part of this.#background) part.start();
      if (kubeconfigPath !== undefined) writeKubeconfig(kubeconfigPath, this.url());
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  ports(): Readonly<Record<string, number>> {
    return { api: this.#http.port };
  }

  /** Where clients on this machine reach the API, once started. */
  url(): string {
    const { host } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.#http.port}`;
  }

  health(): Health {
    return this.#http.listening ? { status: 'up' } : { status: 'down', message: 'the API port is not open' };
  }

  /** Ends watches and followed logs in good order, then the port, then the database. */
  async close(): Promise<void> {
    for (const part of this.#background) part.stop();
    await this.#http.close();
    this.#context?.store.close();
    this.#context = undefined;
  }

  #answer(request: ApiRequest): Promise<ApiAnswer> {
    if (!this.#context) throw new StatusError(503, 'ServiceUnavailable', 'the API is not open');
    return answerRequest(this.#context, request, this.#options.podLogDir);
  }
}
