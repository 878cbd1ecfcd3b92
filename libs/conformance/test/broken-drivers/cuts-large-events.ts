import type { DriverChannel, StoredEvent } from '@millrace/eventing-api';
import { LOG_MAX_EVENT_BYTES } from '../log-store/log-driver.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class CutsLargeEvents extends WrappedDriver {
  override publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined) {
    const body = event.body.subarray(0, LOG_MAX_EVENT_BYTES - 500);
    return this.inner.publish(channel, { ...event, body: body.length === 0 ? event.body : body }, signal);
  }
}

export const cutsLargeEvents: BrokenDriver = {
  fault: 'cuts off what it has no room for',
  madeOf: 'log',
  foundOutBy: ['publish/too-large', 'payloads/largest-body', 'dead-letters/payloads', 'engine/payloads'],
  breakDriver: (inner) => new CutsLargeEvents(inner),
};
