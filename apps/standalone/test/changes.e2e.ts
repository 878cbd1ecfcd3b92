import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SUBSCRIPTION, type Subscription } from '@millrace/eventing-api';
import { Consumer, hang, status, type Behaviour } from '../../../libs/delivery/test/consumer.js';
import { expectBalanceAtRest, readAccount } from './accounting.js';
import { arrived, idsAt, taking } from './arrivals.js';
import { eventually } from './eventually.js';
import {
  changeSubscription,
  channel,
  createRoute,
  deleteSubscription,
  subscription,
  subscriptionReady,
  withSpec,
} from './objects.js';
import { idsOf, postAll, SteadyProducer } from './producer.js';
import { HOMES, type Stack } from './stack.js';

const MANY = 1000;

describe.each(HOMES)('a Subscription that changes, with $home', ({ home, start }) => {
  let stack: Stack;
  const consumers = new AsyncDisposableStack();

  beforeAll(async () => {
    stack = await start();
  });
  afterEach(() => expectBalanceAtRest(stack.apps));
  afterAll(async () => {
    await consumers.disposeAsync();
    await stack?.stop();
  });

  const consumer = async (behaviour: Behaviour) => consumers.use(await Consumer.start(behaviour));
  const urlOf = (channelName: string) => `${stack.ingress}/default/${channelName}`;
  const pending = (name: string, count: number) =>
    eventually(`${count} events wait for ${name}`, async () => {
      const { store } = await readAccount(stack.apps, name);
      return store?.pending === count || undefined;
    });
  const idle = (name: string) =>
    eventually(`events wait for ${name} and none is under way`, async () => {
      const { inFlight, store } = await readAccount(stack.apps, name);
      return (inFlight === 0 && (store?.pending ?? 0) > 0) || undefined;
    });

  describe(`that is deleted and applied with ${MANY} events waiting`, () => {
    interface Way {
      readonly name: string;
      readonly behave: (taken: string[]) => Behaviour;
      readonly paused: boolean;
      /** One that is too short for a slow machine lets events come twice. */
      readonly timeout: string;
    }
    const ways: Way[] = [
      { name: 'paused', behave: taking, paused: true, timeout: 'PT30S' },
      { name: 'refused', behave: () => status(503), paused: false, timeout: 'PT30S' },
      { name: 'unanswered', behave: () => hang, paused: false, timeout: 'PT0.5S' },
    ];

    it.each(ways)('loses none of them while they are $name', async ({ name, behave, paused, timeout }) => {
      const taken: string[] = [];
      const subscriber = await consumer(behave(taken));
      const made = subscription(name, name, subscriber.origin, { timeout });
      await createRoute(stack.client, channel(name), [paused ? withSpec(made, { paused }) : made]);
      const before = await postAll(urlOf(name), idsOf('before-', MANY));
      expect(before).toHaveLength(MANY);
      await pending(name, MANY);

      await deleteSubscription(stack.client, name);
      const meanwhile = await postAll(urlOf(name), idsOf('meanwhile-', 20));
      expect(taken).toEqual([]);
      await stack.client.create(SUBSCRIPTION, made);
      await subscriptionReady(stack.client, name);
      subscriber.behaviours = [taking(taken)];
      const after = await postAll(urlOf(name), idsOf('after-', 20));

      await eventually('each of them has been taken', () => new Set(taken).size === MANY + 40 || undefined);
      expect(new Set(taken)).toEqual(new Set([...before, ...meanwhile, ...after]));
      await expectBalanceAtRest(stack.apps);
      const { store, settled } = await readAccount(stack.apps, name);
      expect(store).toMatchObject({ accepted: MANY + 40, delivered: MANY + 40, dropped: 0 });
      expect(settled).toMatchObject({ delivered: MANY + 40 });
      if (timeout === 'PT30S') expect(taken).toHaveLength(MANY + 40);
    });
  });

  it('gets nothing while it is paused, and everything after', async () => {
    const [subscriber, witness] = [await consumer(status(200)), await consumer(status(200))];
    await createRoute(stack.client, channel('pauses'), [
      subscription('pausing', 'pauses', subscriber.origin),
      subscription('witness', 'pauses', witness.origin),
    ]);
    const before = await postAll(urlOf('pauses'), idsOf('before-', 50));
    await arrived(subscriber, before);

    await changeSubscription(stack.client, 'pausing', { paused: true });
    const meanwhile = await postAll(urlOf('pauses'), idsOf('meanwhile-', 50));
    await arrived(witness, meanwhile);
    expect(await readAccount(stack.apps, 'pausing')).toMatchObject({ inFlight: 0, store: { pending: 50 } });
    expect(idsAt(subscriber)).toHaveLength(50);

    await changeSubscription(stack.client, 'pausing', { paused: false });
    await arrived(subscriber, [...before, ...meanwhile]);
    expect(idsAt(subscriber)).toHaveLength(100);
  });

  it('under load loses and doubles nothing, and every change takes effect', async () => {
    const [atFormer, atLatter, atWitness]: [string[], string[], string[]] = [[], [], []];
    const moods = moodyAnswers();
    const [former, latter] = [
      await consumer(later(taking(atFormer, moods))),
      await consumer(later(taking(atLatter, moods))),
    ];
    const [formerSink, latterSink] = [await consumer(status(202)), await consumer(status(202))];
    const witness = await consumer(taking(atWitness));
    await createRoute(stack.client, channel('busy'), [
      subscription('busy', 'busy', former.origin, { deadLetterSink: { uri: formerSink.origin } }),
      subscription('witness-of-busy', 'busy', witness.origin),
    ]);
    /** Changes the Subscription and tells how long it took until that was noticed. */
    const change = async (what: string, spec: NonNullable<Subscription['spec']>, noticed: () => Promise<unknown>) => {
      const started = performance.now();
      const changing = changeSubscription(stack.client, 'busy', spec);
      await noticed();
      console.log(`${home}: ${what} took effect after ${Math.round(performance.now() - started)} ms`);
      await changing;
    };
    await using producer = new SteadyProducer(urlOf('busy'));
    await former.received(200);
    await formerSink.received(1);

    await change('another subscriber', { subscriber: { uri: latter.origin } }, () => latter.received(1));
    const sentToFormer = former.requests.length;
    await latter.received(200);
    const delivery = { deadLetterSink: { uri: latterSink.origin } };
    await change('another dead letter sink', { delivery }, () => latterSink.received(1));
    const sentToFormerSink = formerSink.requests.length;
    await change('a pause', { paused: true }, () => idle('busy'));
    await idle('busy');
    const sentToLatter = latter.requests.length;
    await witness.received(witness.requests.length + 200);
    expect(latter.requests).toHaveLength(sentToLatter);
    await change('its end', { paused: false }, () => latter.received(sentToLatter + 1));
    await latter.received(sentToLatter + 400);
    await producer.stop();

    await expectBalanceAtRest(stack.apps);
    const settled = [...atFormer, ...atLatter, ...idsAt(formerSink), ...idsAt(latterSink)];
    expect(settled.toSorted()).toEqual(producer.taken.toSorted());
    expect(atWitness.toSorted()).toEqual(producer.taken.toSorted());
    // Only what was under way still went to where it was no longer to go.
    expect(former.requests.length - sentToFormer).toBeLessThanOrEqual(MAX_IN_FLIGHT);
    expect(formerSink.requests.length - sentToFormerSink).toBeLessThanOrEqual(MAX_IN_FLIGHT);
  });
});

/** Default of `maxInFlight`: what may have been under way when a change took effect. */
const MAX_IN_FLIGHT = 64;

/** Each tenth event is refused for good, each other tenth at its first attempt. */
function moodyAnswers(): (id: string) => number {
  const seen = new Set<string>();
  return (id) => {
    if (id.endsWith('0')) return 422;
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst && id.endsWith('5') ? 503 : 200;
  };
}

/** The same a little later, so that events are under way when something changes. */
function later(behaviour: Behaviour): Behaviour {
  return (response, request) => void setTimeout(() => behaviour(response, request), 20);
}
