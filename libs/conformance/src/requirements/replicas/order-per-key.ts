import { expect } from 'vitest';
import type { Claim, StoredEvent } from '@millrace/eventing-api';
import { orderingByKey } from '../../requirement/needs.js';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectOrderByKey, keyedEvents } from '../../subject/keyed-events.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

/** A handler that notes, in one list for all processes, what it settles while its claim holds. */
class NotingHandler extends RecordingHandler {
  constructor(private readonly log: StoredEvent[]) {
    super('delivered');
  }

  override readonly handle = (event: StoredEvent, claim: Claim) => {
    if (!claim.signal.aborted) this.log.push(event);
    return Promise.resolve<'delivered'>('delivered');
  };
}

export const replicasOrderPerKey: Requirement = {
  id: 'replicas/order-per-key',
  title:
    'MUST hand the events of one key to one process at a time, in the order of the store, while processes come and go',
  source: contractOf('consume'),
  profile: 'replicas',
  needs: orderingByKey,
  async check(subject) {
    const other = await subject.openAnother();
    const [a] = await subject.ready('a');
    const log: StoredEvent[] = [];
    const here = subject.consume(a, new NotingHandler(log), { maxInFlight: 4 });
    const events = keyedEvents(6, 30);
    await subject.store(...events.slice(0, 60));
    subject.consume(a, new NotingHandler(log), { maxInFlight: 4 }, other);
    await subject.store(...events.slice(60, 120));
    await here.stop(AbortSignal.abort());
    await subject.store(...events.slice(120));
    await subject.eventually(() => expect(new Set(log.map(({ id }) => id)).size).toBe(events.length));
    expectOrderByKey(log, events);
  },
};
