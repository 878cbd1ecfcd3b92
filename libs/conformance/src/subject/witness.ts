import { expect } from 'vitest';
import type { DriverChannel } from '@millrace/eventing-api';
import type { ConformanceSubject } from './conformance-subject.js';
import { RecordingHandler } from './recording-handler.js';

/**
 * A Subscription of its own to the Channel of a check. That something is not handed out cannot be waited for; that it was handed out to
 * the witness can, and then the others have had their chance too.
 */
export class Witness {
  private readonly handler = new RecordingHandler('delivered');
  private fences = 0;

  private constructor(
    private readonly subject: ConformanceSubject,
    private readonly channel: DriverChannel,
  ) {}

  /** From now on; the Channel has been ensured. */
  static async of(subject: ConformanceSubject, channel = subject.channel): Promise<Witness> {
    const witness = new Witness(subject, channel);
    const subscription = subject.subscription('witness', channel);
    await subject.driver.ensureSubscription(subscription, 'now');
    subject.consume(subscription, witness.handler);
    return witness;
  }

  /** Waits until the events stored so far have been handed out: those, and one more that is stored now. */
  async sees(...ids: readonly string[]): Promise<void> {
    const fence = `fence-${++this.fences}`;
    await this.subject.storeIn(this.channel, fence);
    await this.subject.eventually(() => {
      expect([...this.handler.distinctIds], 'what the witness got').toEqual(expect.arrayContaining([...ids, fence]));
    });
  }
}
