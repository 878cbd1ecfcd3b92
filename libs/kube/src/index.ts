export type {
  DeleteOptions,
  KubeClient,
  ListOptions,
  PatchOptions,
  PatchType,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client/kube-client.types.js';
export { createKubeClient } from './client/http-kube-client.js';
export { hasReason, KubeApiError } from './client/kube-errors.js';

export { ListWatchCache } from './cache/list-watch-cache.js';
export { LiveLookup } from './cache/live-lookup.js';
export type { ObjectCache, ObjectChange } from './cache/object-cache.types.js';

export { ControllerLoop } from './reconcile/controller-loop.js';
export type { ReconcileResult, Reconciler } from './reconcile/reconciler.types.js';

export { isDeleting, withFinalizer, withoutFinalizer, writeFinalizers } from './objects/finalizers.js';
export { isContained } from './objects/is-contained.js';
export { keyOf } from './objects/object-key.js';
export { controllerKeys, isControlledBy, ownerReferenceTo } from './objects/owner-references.js';
export { updateStatusIfChanged } from './objects/update-status.js';

export { EventRecorder } from './events/event-recorder.js';

export { alwaysLeader } from './election/always-leader.js';
export { LeaderElector } from './election/leader-elector.js';
export type { LeaderElectorOptions } from './election/leader-elector.js';
export { ObservedLease } from './election/observed-lease.js';
export type { LeaderElection } from './election/leader-election.types.js';

export { ManifestFolder } from './manifests/manifest-folder.js';

export { KUBE_CLIENT, KubeModule } from './kube.module.js';
