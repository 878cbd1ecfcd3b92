export type {
  DeleteOptions,
  KubeClient,
  ListOptions,
  PatchType,
  Subresource,
  WatchEvent,
  WatchOptions,
} from './client/kube-client.types.js';
export { hasReason, KubeApiError, KubeConnectionError } from './client/kube-errors.js';
export type { KubeStatus } from './client/kube-errors.js';
export type { ObjectCache, ObjectChange } from './cache/object-cache.types.js';
export type { ReconcileResult, Reconciler } from './reconcile/reconciler.types.js';
