import type { Clock, Logger, Timer } from '@millrace/eventing-api';
import type { ObjectStore } from '../storage/object-store.js';
import type { StoredChange } from '../storage/stored-change.types.js';

const BATCH = 50;
const RETRY_DELAY_MS = 1_000;

/** What follows in the background from changes of the store, by keys. */
export interface BackgroundWork {
  /** What to look at when the process starts. */
  keysAtStart(): readonly string[];
  /** What to look at after a change. */
  keysAfter(change: StoredChange): readonly string[];
  /** Looks at one key, within a transaction; returns what to look at next. */
  process(key: string): readonly string[];
}

/**
 * Works off keys in the background, each once however often it was added, a batch per transaction and turn of the event loop. A batch that
 * fails (disk full) is logged and tried again.
 */
export class BackgroundQueue {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #work: BackgroundWork;
  readonly #keys = new Set<string>();
  #unsubscribe = () => {};
  #immediate: NodeJS.Immediate | undefined;
  #retry: Timer | undefined;
  #stopped = false;

  constructor(
    { store, clock }: { readonly store: ObjectStore; readonly clock: Clock },
    logger: Logger,
    work: BackgroundWork,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#work = work;
  }

  start(): void {
    this.#unsubscribe = this.#store.subscribe((change) => this.#add(this.#work.keysAfter(change)));
    this.#add(this.#work.keysAtStart());
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    clearImmediate(this.#immediate);
    this.#retry?.cancel();
  }

  #add(keys: readonly string[]): void {
    for (const key of keys) this.#keys.add(key);
    if (!this.#retry) this.#schedule();
  }

  #schedule(): void {
    if (this.#stopped || this.#immediate || this.#keys.size === 0) return;
    this.#immediate = setImmediate(() => {
      this.#immediate = undefined;
      this.#processBatch();
      if (!this.#retry) this.#schedule();
    });
  }

  #processBatch(): void {
    const batch = [...this.#keys].slice(0, BATCH);
    for (const key of batch) this.#keys.delete(key);
    try {
      this.#add(this.#store.transaction(() => batch.flatMap((key) => this.#work.process(key))));
    } catch (error) {
      this.#logger.error('background work of the API failed and is tried again', { error });
      for (const key of batch) this.#keys.add(key);
      this.#retry = this.#clock.schedule(RETRY_DELAY_MS, () => {
        this.#retry = undefined;
        this.#schedule();
      });
    }
  }
}
