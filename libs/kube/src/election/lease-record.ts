import type { Lease, ObjectMeta } from '@millrace/eventing-api';

/** A new Lease, held by `identity` from now on. */
export function newLease(metadata: ObjectMeta, hold: Hold): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata,
    spec: heldBy(undefined, hold),
  };
}

/** Who takes or keeps a Lease, when, for how long. */
export interface Hold {
  readonly identity: string;
  readonly nowMs: number;
  readonly leaseDurationMs: number;
}

/** The spec of a Lease that `identity` renews, or takes over (then with a new `acquireTime` and one more transition). */
export function heldBy(
  previous: Lease['spec'],
  { identity, nowMs, leaseDurationMs }: Hold,
): NonNullable<Lease['spec']> {
  const renewTime = microTime(nowMs);
  const kept = previous?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
    acquireTime: kept ? (previous.acquireTime ?? renewTime) : renewTime,
    renewTime,
    leaseTransitions: (previous?.leaseTransitions ?? 0) + (previous === undefined || kept ? 0 : 1),
  };
}

/** The spec of a Lease that its holder gives back: anybody may take it at once. */
export function givenBack(previous: NonNullable<Lease['spec']>, nowMs: number): NonNullable<Lease['spec']> {
  return { ...previous, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(nowMs) };
}

/** `metav1.MicroTime`: RFC 3339 with six digits. */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
