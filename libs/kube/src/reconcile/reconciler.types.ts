import type { ObjectKey } from '@millrace/eventing-api';

/** When to look at the object again although nothing changed. */
export interface ReconcileResult {
  readonly requeueAfterMs?: number | undefined;
}

/**
 * Brings one object to its desired state. Called for a key, never twice at a time for one key; level-triggered: it reads what is there
 * now. A throw is retried with back-off (5 ms * 2^n, at most 60 s; client-go's default limiter waits up to 1000 s).
 */
export interface Reconciler {
  readonly name: string;
  reconcile(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult | undefined>;
}
