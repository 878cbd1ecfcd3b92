import { KeptAnswer, type Clock, type Health } from '@millrace/eventing-api';
import type { KafkaSession } from './kafka-session.js';

const LIMIT_MS = 1900;
/** Probes come often; what was seen so long ago is still told. */
const KEPT_MS = 3000;

const UP: Health = { status: 'up' };

/** Whether the cluster answers. */
export class HealthProbe {
  private readonly kept: KeptAnswer<Health>;

  constructor(
    private readonly session: KafkaSession,
    clock: Clock,
  ) {
    this.kept = new KeptAnswer(clock, KEPT_MS, () => this.look());
  }

  /** Never rejects. */
  read(): Promise<Health> {
    return this.kept.get();
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
