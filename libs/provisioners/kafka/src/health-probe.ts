import type { Clock, Health } from '@millrace/eventing-api';
import type { KafkaSession } from './kafka-session.js';

const LIMIT_MS = 1900;
/** Probes come often; what was seen so long ago is still told. */
const KEPT_MS = 3000;

const UP: Health = { status: 'up' };

/** Whether the cluster answers. */
export class HealthProbe {
  private seenMs = -Infinity;
  private seeing: Promise<Health> | undefined;

  constructor(
    private readonly session: KafkaSession,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. */
  read(): Promise<Health> {
    const now = this.clock.now();
    if (!this.seeing || now - this.seenMs >= KEPT_MS) {
      this.seenMs = now;
      this.seeing = this.look();
    }
    return this.seeing;
  }

  private async look(): Promise<Health> {
    try {
      await this.session.call('The cluster does not answer', LIMIT_MS, ({ admin }) => admin.describeCluster());
      return UP;
    } catch (error) {
      return { status: 'down', message: (error as Error).message };
    }
  }
}
