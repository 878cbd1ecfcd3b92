import type { KubeList, KubeObject, ObjectKey, ResourceKind } from '@millrace/eventing-api';

/** Patch formats that every home serves. */
export type PatchType = 'application/json-patch+json' | 'application/merge-patch+json';

/** Parts of an object with a URL of their own. */
export type Subresource = 'status' | 'scale';

/** Narrows a list or watch. */
export interface ListOptions {
  /** Only objects in this namespace; absent = all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Oldest acceptable version; `0` = any. */
  readonly resourceVersion?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
}

export interface WatchOptions extends ListOptions {
  /** Seconds until the server ends the watch. */
  readonly timeoutSeconds?: number | undefined;
  readonly allowWatchBookmarks?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** One line of a watch. An ERROR line is never one of these: it is thrown as KubeApiError. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

export interface WriteOptions {
  /** Strict: a field that the schema does not know is a BadRequest, as with `kubectl apply`. Default: it is dropped. */
  readonly fieldValidation?: 'Strict' | undefined;
}

export interface PatchOptions extends WriteOptions {
  readonly subresource?: Subresource | undefined;
}

export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: { uid?: string; resourceVersion?: string };
}

/**
 * Reads and writes objects of a Kubernetes API; nothing here knows whether a cluster or the embedded API answers. Every method
 * rejects with `KubeApiError` when the API answers with a Status, and with `KubeConnectionError` when it does not answer (each call has a
 * time-out, default 30 s). No method retries.
 */
export interface KubeClient {
  /** Undefined when the object does not exist. */
  get<T extends KubeObject>(kind: ResourceKind<T>, key: ObjectKey): Promise<T | undefined>;
  list<T extends KubeObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<KubeList<T>>;
  create<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Replaces the object; a stale `resourceVersion` is a Conflict. */
  update<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T>;
  /** Replaces the status; a stale `resourceVersion` is a Conflict. */
  updateStatus<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(
    kind: ResourceKind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
    options?: PatchOptions,
  ): Promise<T>;
  /** True when it was there. With finalizers the object stays, marked as deleting. */
  delete(kind: ResourceKind, key: ObjectKey, options?: DeleteOptions): Promise<boolean>;
  /** Ends (without error) when the server ends the watch or the signal aborts; throws as the other methods do. */
  watch<T extends KubeObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /**
   * The kind behind an `apiVersion` and `kind`, as discovery (`GET /api/v1`, `/apis/<group>/<version>`) tells it: for references to kinds
   * that nobody here knows at compile time (any Addressable, manifests of a user). Undefined when the API does not serve it. Positive
   * answers are kept.
   */
  resolveKind(apiVersion: string, kind: string): Promise<ResourceKind | undefined>;
  /** Lets go of every connection. */
  close(): Promise<void>;
}
