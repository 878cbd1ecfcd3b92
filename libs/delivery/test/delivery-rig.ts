import { silentLogger } from '@millrace/eventing-api';
import { DeliveryEngine, type DeliveryEngineOptions } from '../src/index.js';
import { Consumer, type Behaviour } from './consumer.js';
import { TestClock } from './test-clock.js';

/** An engine on time of its own, with consumers on real ports; all ends with it. */
export class DeliveryRig implements AsyncDisposable {
  readonly engine: DeliveryEngine;
  private readonly stack = new AsyncDisposableStack();

  /** @param clock by default waits of up to ten seconds pass at once, and are written down; jitter is none */
  constructor(
    options: Partial<DeliveryEngineOptions> = {},
    readonly clock = new TestClock(10_000),
  ) {
    this.engine = new DeliveryEngine({ clock, logger: silentLogger, random: () => 0.5, ...options });
    this.stack.defer(() => this.engine.close());
  }

  async consumer(...behaviours: Behaviour[]): Promise<Consumer> {
    return this.stack.use(await Consumer.start(...behaviours));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stack.disposeAsync();
  }
}
