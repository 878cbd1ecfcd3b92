import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ThrowsDeadLettersAway extends WrappedDriver {
  override publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    if (channel.purpose === 'dead-letters') return Promise.resolve({ outcome: 'stored' });
    return this.inner.publish(channel, event, signal);
  }
}

export const throwsDeadLettersAway: BrokenDriver = {
  fault: 'claims to keep dead letters, and throws them away',
  madeOf: 'in-memory',
  foundOutBy: ['engine/dead-letter-place', 'dead-letters/payloads', 'dead-letters/outlive-the-channel'],
  alsoFails: ['dead-letters/apart-from-events', 'names/dead-letter-places'],
  breakDriver: (inner) => new ThrowsDeadLettersAway(inner),
};
