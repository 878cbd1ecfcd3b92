import type {
  ChannelDriver,
  DriverChannel,
  DriverSubscription,
  EventHandler,
  PublishResult,
  Settlement,
  StoredEvent,
} from '@millrace/eventing-api';
import { expect } from 'vitest';
import { eventually } from '@millrace/testing';

/** What a requirement is checked against: a driver just opened, and objects that no other check uses. */
export interface DriverUnderTest {
  readonly driver: ChannelDriver;
  readonly channel: DriverChannel;
  readonly subscription: (name: string) => DriverSubscription;
  readonly event: (id: string) => StoredEvent;
}

/** One sentence of the plugin contract, and how to see whether a driver keeps it. */
export interface DriverRequirement {
  readonly title: string;
  readonly check: (subject: DriverUnderTest) => Promise<void>;
}

/** A handler that keeps what it was given and settles when told to. */
export class RecordingHandler {
  readonly ids: string[] = [];
  private readonly waiting: ((settlement: Settlement) => void)[] = [];

  /** `settlement` = settle at once; undefined = wait for `settleNext`. */
  constructor(private settlement?: Settlement) {}

  readonly handle: EventHandler = (event) => {
    this.ids.push(event.id);
    if (this.settlement) return Promise.resolve(this.settlement);
    return new Promise((resolve) => this.waiting.push(resolve));
  };

  get inFlight(): number {
    return this.waiting.length;
  }

  settleNext(settlement: Settlement): void {
    this.waiting.shift()?.(settlement);
  }

  settleAll(settlement: Settlement): void {
    this.settlement = settlement;
    while (this.waiting.length > 0) this.settleNext(settlement);
  }
}

const many = { maxInFlight: 100 };
const now = () => AbortSignal.abort();
const never = () => new AbortController().signal;

async function ready(subject: DriverUnderTest, ...names: string[]): Promise<DriverSubscription[]> {
  await subject.driver.ensureChannel(subject.channel);
  const subscriptions = names.map((name) => subject.subscription(name));
  for (const subscription of subscriptions) await subject.driver.ensureSubscription(subscription, 'now');
  return subscriptions;
}

function publish({ driver, channel, event }: DriverUnderTest, id: string): Promise<PublishResult> {
  return driver.publish(channel, event(id), undefined);
}

/** What every driver owes its runtime, whatever its store. */
export const driverRequirements: readonly DriverRequirement[] = [
  {
    title: 'MUST answer not-found to a publish to a Channel that was never ensured',
    async check(subject) {
      expect(await publish(subject, '1')).toMatchObject({ outcome: 'refused', code: 'not-found' });
    },
  },
  {
    title: 'MUST find the same Channel again when it is ensured twice, with what it keeps',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      await publish(subject, '1');
      await ready(subject, 'a');
      const handler = new RecordingHandler('delivered');
      const consumption = subject.driver.consume(subscription!, handler.handle, many);
      await eventually(() => expect(handler.ids).toEqual(['1']));
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST keep what is published after ensureSubscription although nothing consumes yet',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      expect(await publish(subject, '1')).toEqual({ outcome: 'stored' });
      const handler = new RecordingHandler('delivered');
      const consumption = subject.driver.consume(subscription!, handler.handle, many);
      await eventually(() => expect(handler.ids).toEqual(['1']));
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST give every Subscription every event, bytes and attributes untouched',
    async check(subject) {
      const [a, b] = await ready(subject, 'a', 'b');
      const event = { ...subject.event('1'), body: Buffer.from([0xff, 0x00, 0x80]) };
      await subject.driver.publish(subject.channel, event, undefined);
      const seen: StoredEvent[] = [];
      const handle: EventHandler = (given) => {
        seen.push(given);
        return Promise.resolve('delivered');
      };
      const consumptions = [a!, b!].map((subscription) => subject.driver.consume(subscription, handle, many));
      await eventually(() => expect(seen).toHaveLength(2));
      for (const given of seen) expect(given).toEqual(event);
      await Promise.all(consumptions.map((consumption) => consumption.stop(now())));
    },
  },
  {
    title: 'MUST NOT have more than maxInFlight events with the handler, and MUST follow an update of it',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      for (let id = 0; id < 10; id++) await publish(subject, String(id));
      const handler = new RecordingHandler();
      const consumption = subject.driver.consume(subscription!, handler.handle, { maxInFlight: 2 });
      await eventually(() => expect(handler.inFlight).toBe(2));
      handler.settleNext('delivered');
      await eventually(() => expect(handler.ids).toHaveLength(3));
      expect(handler.inFlight).toBe(2);
      consumption.update({ maxInFlight: 5 });
      await eventually(() => expect(handler.inFlight).toBe(5));
      handler.settleAll('delivered');
      await eventually(() => expect(handler.ids).toHaveLength(10));
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST hand out nothing while paused, and go on after resume',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      const handler = new RecordingHandler('delivered');
      const consumption = subject.driver.consume(subscription!, handler.handle, many);
      consumption.pause();
      consumption.pause();
      await publish(subject, '1');
      await new Promise((resolve) => setImmediate(resolve));
      expect(handler.ids).toEqual([]);
      consumption.resume();
      await eventually(() => expect(handler.ids).toEqual(['1']));
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST hand out an event that was released to the next consumption, and not one that was settled',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      await publish(subject, 'settled');
      await publish(subject, 'released');
      const first = new RecordingHandler();
      const consumption = subject.driver.consume(subscription!, first.handle, many);
      await eventually(() => expect(first.inFlight).toBe(2));
      first.settleNext('delivered');
      first.settleNext('release');
      await consumption.stop(never());
      const second = new RecordingHandler('delivered');
      const next = subject.driver.consume(subscription!, second.handle, many);
      await eventually(() => expect(second.ids).toEqual(['released']));
      await next.stop(now());
    },
  },
  {
    title: 'MUST wait at stop for what is handed out, and hand out nothing more',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      await publish(subject, '1');
      await publish(subject, '2');
      const handler = new RecordingHandler();
      const consumption = subject.driver.consume(subscription!, handler.handle, { maxInFlight: 1 });
      await eventually(() => expect(handler.inFlight).toBe(1));
      let stopped = false;
      const stopping = consumption.stop(never()).then(() => (stopped = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(stopped).toBe(false);
      handler.settleNext('delivered');
      await stopping;
      await consumption.closed;
      expect(handler.ids).toEqual(['1']);
    },
  },
  {
    title:
      'MUST abort the claims and give events back when the deadline of a stop passes, and be stopped twice in peace',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      await publish(subject, '1');
      let aborted = false;
      const deaf: EventHandler = (_event, claim) => {
        claim.signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => {});
      };
      const consumption = subject.driver.consume(subscription!, deaf, many);
      await consumption.stop(now());
      await consumption.stop(now());
      expect(aborted).toBe(true);
      const handler = new RecordingHandler('delivered');
      const next = subject.driver.consume(subscription!, handler.handle, many);
      await eventually(() => expect(handler.ids).toEqual(['1']));
      await next.stop(now());
    },
  },
  {
    title: 'MUST forget a Subscription with its position, and MUST take an unknown one for deleted',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      await publish(subject, 'old');
      await subject.driver.deleteSubscription(subscription!);
      await subject.driver.deleteSubscription(subscription!);
      await subject.driver.ensureSubscription(subscription!, 'now');
      await publish(subject, 'new');
      const handler = new RecordingHandler('delivered');
      const consumption = subject.driver.consume(subscription!, handler.handle, many);
      await eventually(() => expect(handler.ids).toEqual(['new']));
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST reject closed when a Subscription is deleted under its consumption',
    async check(subject) {
      const [subscription] = await ready(subject, 'a');
      const consumption = subject.driver.consume(subscription!, new RecordingHandler('delivered').handle, many);
      await subject.driver.deleteSubscription(subscription!);
      await expect(consumption.closed).rejects.toThrow('a');
      await consumption.stop(now());
    },
  },
  {
    title: 'MUST forget a deleted Channel with all that it keeps, and MUST take an unknown one for deleted',
    async check(subject) {
      await ready(subject, 'a');
      await publish(subject, '1');
      await subject.driver.deleteChannel(subject.channel);
      await subject.driver.deleteChannel(subject.channel);
      expect(await publish(subject, '2')).toMatchObject({ code: 'not-found' });
    },
  },
  {
    title: 'MUST tell Channels of one name apart by UID',
    async check(subject) {
      await ready(subject, 'a');
      const namesake = { ...subject.channel, uid: `${subject.channel.uid}-2` };
      expect(await subject.driver.publish(namesake, subject.event('1'), undefined)).toMatchObject({
        code: 'not-found',
      });
    },
  },
  {
    title: 'MUST take an event with an empty body',
    async check(subject) {
      await ready(subject, 'a');
      const empty = { ...subject.event('1'), body: Buffer.alloc(0) };
      expect(await subject.driver.publish(subject.channel, empty, undefined)).toEqual({ outcome: 'stored' });
    },
  },
  {
    title: 'MUST be closed twice in peace, refuse publishes as unavailable after that, and say that it is down',
    async check(subject) {
      await ready(subject, 'a');
      expect(await subject.driver.health()).toEqual({ status: 'up' });
      await subject.driver.close();
      await subject.driver.close();
      expect(await publish(subject, '1')).toMatchObject({ outcome: 'refused', code: 'unavailable' });
      expect(await subject.driver.health()).toMatchObject({ status: 'down' });
    },
  },
];
