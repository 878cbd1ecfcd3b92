import type { EventHandler, Settlement } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { status } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';
import type { DeliveryRun } from '../deliver/delivery-run.js';
import type { HttpSubscriptionDelivery } from '../deliver/http-subscription-delivery.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';
import { accountOf, imbalance, type DeliveryAccount } from './delivery-account.js';

const EVENTS = 10_000;
/** The one event of ten thousand that something is to happen to. */
const THE_ONE = 'A7777';

/** A delivery of ten thousand events, of which some are filtered, refused and released; `handler` is what the store calls. */
async function account(
  plant: (delivery: SubscriptionDelivery) => EventHandler,
): Promise<{ told: DeliveryAccount; settled: number }> {
  await using rig = new DeliveryRig();
  const subscriber = await rig.consumer((response, { headers }) =>
    response.writeHead(String(headers['ce-id']).endsWith('00') ? 400 : 202).end(),
  );
  const sink = await rig.consumer(status(202));
  const delivery = rig.engine.open(
    testTarget({
      subscriberUri: subscriber.origin,
      deadLetterSinkUri: sink.origin,
      filters: [{ not: { suffix: { id: '5' } } }],
    }),
  );
  const handler = plant(delivery);
  const lost = claim(AbortSignal.abort());
  let next = 0;
  let settled = 0;
  const work = async () => {
    while (next < EVENTS) {
      const id = `A${next++}`;
      const settlement = handler(testEvent(id), id.endsWith('33') ? lost : claim());
      // The one may never settle; the others are not to wait for it.
      void settlement.then(() => settled++);
      if (id !== THE_ONE) await settlement;
    }
  };
  await Promise.all(Array.from({ length: 64 }, work));
  await expect.poll(() => rig.engine.usage.attemptsUnderWay).toBe(0);
  return { told: accountOf(delivery), settled };
}

/** Tampers with the end of the one event's run. `tamper` says whether it ends as it should all the same. */
function plant(
  delivery: SubscriptionDelivery,
  tamper: (delivery: HttpSubscriptionDelivery, run: DeliveryRun) => boolean,
): EventHandler {
  const itself = delivery as HttpSubscriptionDelivery;
  const onEnd = itself.onEnd.bind(itself);
  itself.onEnd = (run, outcome) => {
    if (run.event.id !== THE_ONE || tamper(itself, run)) onEnd(run, outcome);
  };
  return itself.handle;
}

describe('the account of ten thousand events', () => {
  it('adds up, as plain data, where all is well', async () => {
    const { told, settled } = await account((delivery) => delivery.handle);
    expect(settled).toBe(EVENTS);
    expect(told).toMatchObject({ claimed: EVENTS, filtered: 1000, deadLettered: 99, released: 100, inFlight: 0 });
    expect(told.delivered).toBe(EVENTS - 1000 - 99 - 100);
    expect(imbalance(told)).toBe(0);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });

  it('is out by one where one event is lost on its way', async () => {
    const { told, settled } = await account((delivery) =>
      plant(delivery, (itself, run) => {
        itself['runs'].remove(run);
        return false;
      }),
    );
    expect(settled).toBe(EVENTS - 1);
    expect(told.inFlight).toBe(0);
    expect(imbalance(told)).toBe(1);
  });

  it('is out by one where one event is counted twice', async () => {
    const { told } = await account((delivery) =>
      plant(delivery, ({ counters }) => {
        counters.delivered++;
        return true;
      }),
    );
    expect(imbalance(told)).toBe(-1);
  });

  it('shows one event that hangs for ever: it stays in flight when all others are at rest', async () => {
    const { told } = await account((delivery) => plant(delivery, () => false));
    expect(imbalance(told)).toBe(0);
    expect(told.inFlight).toBe(1);
  });

  it('differs from that of a store to which one settlement is lost', async () => {
    const { told, settled } = await account((delivery) => async (event, its) => {
      const settlement: Settlement = await delivery.handle(event, its);
      return event.id === THE_ONE ? new Promise<never>(() => {}) : settlement;
    });
    expect(imbalance(told)).toBe(0);
    // What the store has handed out and not got back is more than what is in flight.
    expect(EVENTS - settled - told.inFlight).toBe(1);
  });
});
