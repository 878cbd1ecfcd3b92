import type { PubSub } from '@google-cloud/pubsub';
import type { Clock, Health } from '@millrace/eventing-api';
import { adminCall } from './admin-call.js';
import { GRPC, grpcCode, wordsOf } from './gcp-pubsub-refusals.js';

/** The contract gives 2 s. */
const LIMIT_MS = 1800;
/** Probes come often, and the service counts such calls. */
const FRESH_MS = 4000;

/** Asks the service for a page of one topic. */
export class StoreHealth {
  private latest: { readonly health: Promise<Health>; readonly askedAt: number } | undefined;

  constructor(
    private readonly client: PubSub,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. */
  current(): Promise<Health> {
    const now = this.clock.now();
    if (!this.latest || now - this.latest.askedAt > FRESH_MS) this.latest = { health: this.ask(), askedAt: now };
    return this.latest.health;
  }

  private ask(): Promise<Health> {
    return new Promise((resolve) => {
      const timer = this.clock.schedule(LIMIT_MS, () =>
        resolve({ status: 'down', message: `Pub/Sub did not answer within ${LIMIT_MS} ms` }),
      );
      const answer = (health: Health) => {
        timer.cancel();
        resolve(health);
      };
      this.client.getTopics({ pageSize: 1, autoPaginate: false, gaxOpts: adminCall(LIMIT_MS) }).then(
        () => answer({ status: 'up' }),
        (error: unknown) => answer(healthOf(error)),
      );
    });
  }
}

/** Not to be allowed to list topics says nothing of publishing; that nobody knows us, or the project, does. */
function healthOf(error: unknown): Health {
  if (grpcCode(error) === GRPC.permissionDenied) return { status: 'up' };
  return { status: 'down', message: wordsOf(error) };
}
