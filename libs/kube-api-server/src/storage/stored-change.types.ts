import type { KubeObject } from '@millrace/eventing-api';

/** One entry of the store's change feed. Objects in it are shared by every listener: never change them. */
export interface StoredChange {
  /** The revision that the change made; also `metadata.resourceVersion` of `object`. */
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Plural and group of the kind (`channels.eventing.knative.dev`). */
  readonly resource: string;
  /** The object after the change; for DELETED its last state, with the revision of the deletion. */
  readonly object: KubeObject;
  /** The object before the change; absent for ADDED. */
  readonly previous?: KubeObject;
}

/** An object with the resource that it is stored under. */
export interface StoredObject {
  readonly resource: string;
  readonly object: KubeObject;
}

/** Which objects of a resource to list, in order of namespace and name. */
export interface StoreSelection {
  /** Absent: every namespace. */
  readonly namespace?: string | undefined;
  /** The state at this revision; must not lie below the compacted revision. Absent: now. */
  readonly revision?: number | undefined;
  /** Only objects behind this one. */
  readonly after?: { readonly namespace: string; readonly name: string } | undefined;
  readonly limit?: number | undefined;
}
