import type { ConsumeOptions, Consumption, DriverSubscription, EventHandler } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** The few of other Subscriptions it gets by with. */
const MANY = 20;

/** What one Subscription has in hand. */
interface Hands {
  inHand: number;
  readonly room: number;
}

class WaitsWithTheSlowest extends WrappedDriver {
  private readonly all = new Set<Hands>();
  private readonly waiting: (() => void)[] = [];

  override consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption {
    const hands: Hands = { inHand: 0, room: options.maxInFlight };
    this.all.add(hands);
    const polite: EventHandler = async (event, claim) => {
      while (this.isHeldUp(hands)) await new Promise<void>((resolve) => this.waiting.push(resolve));
      if (claim.signal.aborted) return 'release';
      hands.inHand++;
      const settlement = await handler(event, claim);
      hands.inHand--;
      for (const goOn of this.waiting.splice(0)) goOn();
      return settlement;
    };
    return this.inner.consume(subscription, polite, options);
  }

  private isHeldUp(hands: Hands): boolean {
    return [...this.all].some((other) => other !== hands && other.room >= MANY && other.inHand >= other.room);
  }
}

export const waitsWithTheSlowest: BrokenDriver = {
  fault: 'reads for nobody while a Subscription with room for twenty events or more has its hands full',
  madeOf: 'in-memory',
  foundOutBy: ['hand-out/slow-holds-up-nobody', 'engine/slow-subscriber'],
  breakDriver: (inner) => new WaitsWithTheSlowest(inner),
};
