import type { DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import { afterTurns } from '../../src/subject/waiting.js';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

const LATE_MS = 500;

class GivesUpLate extends WrappedDriver {
  override async publish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
  ): Promise<PublishResult> {
    const result = await this.inner.publish(channel, event, signal);
    const isGivenUp = result.outcome === 'refused' && result.code === 'timeout';
    if (isGivenUp) await new Promise<void>((resolve) => afterTurns(LATE_MS, resolve));
    return result;
  }
}

export const givesUpLate: BrokenDriver = {
  fault: 'looks twice a second whether the time of a publish is up',
  madeOf: 'acknowledged',
  foundOutBy: ['aborted/before-publish', 'aborted/during-publish'],
  breakDriver: (inner) => new GivesUpLate(inner),
};
