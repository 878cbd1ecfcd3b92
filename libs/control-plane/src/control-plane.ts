import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Health, ProcessPart } from '@millrace/eventing-api';
import { LeaderElector, alwaysLeader, type LeaderElection } from '@millrace/kube';
import { ControlPlaneCaches, type CacheParts } from './control-plane-caches.js';
import { ControlPlaneLoops } from './control-plane-loops.js';
import type { ControlPlaneOptions } from './control-plane-options.js';

/** Name of the Lease that the leading replica holds. */
const LEASE_NAME = 'millrace-controller';

/** The plugin-independent control plane as a part of a process: caches at all times, reconcilers while this replica leads. */
export class ControlPlane implements ProcessPart {
  readonly name = 'control-plane';
  private readonly caches: ControlPlaneCaches;
  private readonly loops: ControlPlaneLoops;
  private readonly election: LeaderElection;

  constructor(parts: CacheParts, options: ControlPlaneOptions) {
    this.caches = new ControlPlaneCaches(parts, options);
    this.loops = new ControlPlaneLoops(parts, this.caches, options);
    const callbacks = { onStarted: () => this.loops.start(), onStopped: () => this.loops.stop() };
    this.election = options.leaderElection
      ? new LeaderElector({
          ...parts,
          ...callbacks,
          namespace: options.systemNamespace,
          name: LEASE_NAME,
          identity: `${hostname()}_${randomUUID()}`,
        })
      : alwaysLeader(callbacks);
  }

  start(): Promise<void> {
    this.caches.start();
    this.election.start();
    return Promise.resolve();
  }

  /** A standby is healthy as well: it could take over. */
  health(): Health {
    return this.caches.synced
      ? { status: 'up' }
      : { status: 'down', message: 'The Kubernetes API has not been listed yet' };
  }

  /** Nothing new is reconciled from here on; what the data plane drains must not change under it. */
  async stopIntake(): Promise<void> {
    await this.election.stop();
  }

  async close(): Promise<void> {
    this.loops.close();
    await this.caches.stop();
  }
}
