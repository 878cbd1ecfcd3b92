import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '@millrace/eventing-api';
import type { ResolvedKind } from '../registry/kind-registry.js';
import type { Presentation } from '../rest/presentation.js';
import { assertReadable } from '../rest/read-revision.js';
import type { Selection } from '../rest/selection.js';
import { StatusError } from '../rest/status-error.js';
import { resourceName, type ObjectStore } from '../storage/object-store.js';
import type { StoredChange } from '../storage/stored-change.types.js';
import { watchEventFor } from './watch-event.js';
import type { WatchOptions } from './watch-options.js';

const BOOKMARK_INTERVAL_MS = 15_000;
/** A client that is this far behind is cut off; it comes back from the last revision that it saw. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

export interface Watch {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly resolved: ResolvedKind;
  readonly selection: Selection;
  readonly presentation: Presentation;
  readonly options: WatchOptions;
}

/** One running watch: one JSON object per line, until the time-out, the client or the server ends it. */
export class WatchStream {
  readonly #watch: Watch;
  readonly #response: ServerResponse;
  readonly #resource: string;
  #unsubscribe = () => {};
  #timeout: Timer | undefined;
  #nextBookmark: Timer | undefined;

  constructor(watch: Watch, response: ServerResponse) {
    this.#watch = watch;
    this.#response = response;
    this.#resource = resourceName(watch.resolved.kind);
  }

  /** Answers with what has happened so far, then with every change. One turn of the event loop, so that nothing can slip in between. */
  start(): void {
    const { store, clock, options } = this.#watch;
    this.#response.writeHead(200, { 'content-type': 'application/json' });
    this.#response.flushHeaders();
    try {
      this.#writePast();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#write('ERROR', error.status);
      this.#response.end();
      return;
    }
    this.#unsubscribe = store.subscribe((change) => this.#deliver(change));
    this.#timeout = clock.schedule(options.timeoutMs, () => this.end());
    if (options.bookmarks) this.#scheduleBookmark();
    this.#response.once('close', () => this.#release());
  }

  /** Ends the stream in good order: the client goes on from the last bookmark. */
  end(): void {
    this.#release();
    if (this.#response.writableEnded) return;
    if (this.#watch.options.bookmarks) this.#writeBookmark();
    this.#response.end();
  }

  #release(): void {
    this.#unsubscribe();
    this.#timeout?.cancel();
    this.#nextBookmark?.cancel();
  }

  #writePast(): void {
    const { store, selection, options, presentation } = this.#watch;
    if (options.initialState) {
      if (options.revision !== undefined && options.revision > store.revision) assertReadable(store, options.revision);
      for (const object of store.list(this.#resource, { namespace: selection.namespace })) {
        if (selection.matches(object)) this.#write('ADDED', presentation.watched(object));
      }
      if (options.markEndOfInitialState) this.#writeBookmark({ 'k8s.io/initial-events-end': 'true' });
    } else if (options.revision !== undefined) {
      assertReadable(store, options.revision);
      for (const change of store.changesAfter(this.#resource, options.revision)) this.#writeChange(change);
    }
  }

  #deliver(change: StoredChange): void {
    if (change.resource !== this.#resource) return;
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) this.#response.destroy();
    else this.#writeChange(change);
  }

  #writeChange(change: StoredChange): void {
    const event = watchEventFor(change, this.#watch.selection.matches);
    if (event) this.#write(event.type, this.#watch.presentation.watched(event.object));
  }

  #scheduleBookmark(): void {
    this.#nextBookmark = this.#watch.clock.schedule(BOOKMARK_INTERVAL_MS, () => {
      this.#writeBookmark();
      this.#scheduleBookmark();
    });
  }

  #writeBookmark(annotations?: Record<string, string>): void {
    const { store, resolved } = this.#watch;
    this.#write('BOOKMARK', {
      kind: resolved.kind.kind,
      apiVersion: resolved.apiVersion,
      metadata: {
        resourceVersion: String(store.revision),
        creationTimestamp: null,
        ...(annotations ? { annotations } : {}),
      },
    });
  }

  #write(type: string, object: object): void {
    this.#response.write(`${JSON.stringify({ type, object })}\n`);
  }
}
