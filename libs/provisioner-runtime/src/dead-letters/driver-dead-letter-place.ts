import type { DeadLetterOutcome, DeadLetterPlace } from '@millrace/delivery';
import type { ChannelDriver, DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import { messageOf } from '../message-of.js';
import { deadLetterReader } from './dead-letter-channel.js';

/** Keeps the dead letters of one Subscription in a Channel of its store, which is made when the first letter comes. */
export class DriverDeadLetterPlace implements DeadLetterPlace {
  /** Under way or done; one for all letters that wait for it. */
  private making: Promise<void> | undefined;
  private ended = false;

  /**
   * @param channel the dead-letter Channel as it is wanted now
   * @param boundIsFinal a store that is full stays so: nothing takes letters out of it by itself
   */
  constructor(
    private readonly driver: ChannelDriver,
    private readonly channel: () => DriverChannel,
    private readonly boundIsFinal: boolean,
  ) {}

  async store(letter: StoredEvent): Promise<DeadLetterOutcome> {
    try {
      return await this.tryToStore(letter);
    } catch (error) {
      return { outcome: 'unavailable', message: messageOf(error) };
    }
  }

  /** No letter is stored from now on. Resolves when nothing is being made any more. */
  async end(): Promise<void> {
    this.ended = true;
    await this.making?.catch(() => undefined);
  }

  private async tryToStore(letter: StoredEvent): Promise<DeadLetterOutcome> {
    const making = this.ensure();
    await making;
    let result = await this.driver.publish(this.channel(), letter, undefined);
    if (result.outcome === 'refused' && result.code === 'not-found') {
      // Somebody has removed it.
      if (this.making === making) this.making = undefined;
      await this.ensure();
      result = await this.driver.publish(this.channel(), letter, undefined);
    }
    return this.outcomeOf(result);
  }

  private ensure(): Promise<void> {
    if (this.ended) return Promise.reject(new Error('The Subscription is gone'));
    if (this.making) return this.making;
    const making = this.make();
    this.making = making;
    making.catch(() => {
      if (this.making === making) this.making = undefined;
    });
    return making;
  }

  private async make(): Promise<void> {
    const channel = this.channel();
    await this.driver.ensureChannel(channel);
    // Nothing is in it yet, so now is early enough, and every store can do that.
    await this.driver.ensureSubscription(deadLetterReader(channel), 'now');
  }

  private outcomeOf(result: PublishResult): DeadLetterOutcome {
    if (result.outcome === 'stored') return result;
    const { code, message } = result;
    // A letter that is too large stays so: it would block its Subscription for ever.
    if (code === 'too-large') return { outcome: code, message };
    return { outcome: code === 'full' && this.boundIsFinal ? 'full' : 'unavailable', message };
  }
}
