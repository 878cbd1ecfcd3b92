import type { PubSub } from '@google-cloud/pubsub';
import { KeptAnswer, within, type Clock, type Health } from '@millrace/eventing-api';
import { adminCall } from './admin-call.js';
import { GRPC, grpcCode, wordsOf } from './gcp-pubsub-refusals.js';

/** The contract gives 2 s. */
const LIMIT_MS = 1800;
/** Probes come often, and the service counts such calls. */
const KEPT_MS = 4000;

/** Asks the service for a page of one topic. */
export class StoreHealth {
  private readonly kept: KeptAnswer<Health>;

  constructor(
    private readonly client: PubSub,
    private readonly clock: Clock,
  ) {
    this.kept = new KeptAnswer(clock, KEPT_MS, () => this.ask());
  }

  /** Never rejects. */
  current(): Promise<Health> {
    return this.kept.get();
  }

  private ask(): Promise<Health> {
    const asking = this.client.getTopics({ pageSize: 1, autoPaginate: false, gaxOpts: adminCall(LIMIT_MS) });
    return within(this.clock, LIMIT_MS, asking, 'Pub/Sub did not answer').then(() => ({ status: 'up' }), healthOf);
  }
}

/** Not to be allowed to list topics says nothing of publishing; that nobody knows us, or the project, does. */
function healthOf(error: unknown): Health {
  if (grpcCode(error) === GRPC.permissionDenied) return { status: 'up' };
  return { status: 'down', message: wordsOf(error) };
}
