import { expect } from 'vitest';
import { CHANNEL, SUBSCRIPTION, type Channel, type Parameters } from '@millrace/eventing-api';
import { eventually } from '../eventually.js';
import { channelOf, createRoute, subscription } from '../objects.js';
import type { BrokerStore } from './broker-store.js';
import { deadLetterIds } from './dead-letter-ids.js';
import { accountOf, type FaultAccount } from './fault-account.js';
import type { FaultHome } from './fault-home.js';
import { SteadyConsumer } from './steady-consumer.js';
import { SteadyLoad, type SentEvent } from './steady-load.js';

const EVENTS_PER_SECOND = 240;
const KEYS = 24;
/** So that some events are in mid delivery at any moment. */
const WORK_MS = 40;
/** Longer than any broker takes to find itself again on a loaded machine. */
const HEAL_LIMIT_MS = 90_000;
/** Events that have to go all the way before things are said to be well. */
const WELL_AFTER = 2 * KEYS;
/** What a producer may be told while something is broken: to come again. */
const COME_AGAIN = ['429', '503'];

export interface StoryOptions {
  readonly name: string;
  readonly home: FaultHome;
  readonly store: BrokerStore;
  readonly arguments?: Parameters;
}

/** A Channel with one Subscription under a steady load, and the account of it at the end. */
export class Story implements AsyncDisposable {
  private readonly loads: SteadyLoad[] = [];

  private constructor(
    private readonly options: StoryOptions,
    /** As it is now; its status as it was when it became Ready. */
    public channel: Channel,
    readonly consumer: SteadyConsumer,
  ) {}

  /** Makes the Channel and its Subscription, which delivers the events of a key in order, and begins to send. */
  static async begin(options: StoryOptions): Promise<Story> {
    const { name, home, store } = options;
    const consumer = await SteadyConsumer.start(WORK_MS);
    const made = channelOf(store.provisioner, name);
    const channel = await createRoute(
      home.client,
      { ...made, spec: { ...made.spec, arguments: { ...options.arguments } } },
      [subscription(name, name, consumer.uri, { ordering: 'key', retry: 5, backoffDelay: 'PT0.1S' })],
    );
    const story = new Story(options, channel, consumer);
    story.send(name);
    return story;
  }

  /** Every event that was sent so far. */
  get sent(): SentEvent[] {
    return this.loads.flatMap((load) => load.sent);
  }

  /** Begins to send, beside what is being sent: ids and keys begin with the prefix. */
  send(prefix: string): void {
    const url = `${this.options.home.ingress}/default/${this.options.name}`;
    this.loads.push(new SteadyLoad(url, { prefix, eventsPerSecond: EVENTS_PER_SECOND, keys: KEYS }));
  }

  async stopSending(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.stop()));
  }

  /** Waits until events that are sent from now on are taken and delivered. */
  async flows(when: string): Promise<void> {
    const from = Date.now();
    await this.eventually(`events flow ${when}`, () => {
      const taken = new Set(this.consumer.taken);
      return this.since(from).filter(({ id, answer }) => answer === 202 && taken.has(id)).length >= WELL_AFTER;
    });
  }

  /** Waits until so many of the events that are sent from now on got a 202, delivered or not. */
  async accepts(count: number): Promise<void> {
    const from = Date.now();
    const isAccepted = ({ answer }: SentEvent) => answer === 202;
    await this.eventually(`${count} events are accepted`, () => this.since(from).filter(isAccepted).length >= count);
  }

  /** Waits until so many of the events that are sent from now on were refused for now. */
  async refuses(count: number): Promise<void> {
    const from = Date.now();
    const isRefused = ({ answer }: SentEvent) => COME_AGAIN.includes(String(answer));
    await this.eventually(`${count} events are refused`, () => this.since(from).filter(isRefused).length >= count);
  }

  /** Sends no more, waits until every event that got a 202 has arrived at its consumer or may be gone, and tells what became of all. */
  async end(mayBeGone: (event: SentEvent) => boolean = () => false): Promise<FaultAccount> {
    await this.stopSending();
    const { taken, refused } = this.consumer;
    const mustArrive = this.sent.filter((event) => event.answer === 202 && !mayBeGone(event));
    const haveArrived = () => {
      const delivered = new Set(taken);
      return mustArrive.every(({ id }) => delivered.has(id) || refused.has(id));
    };
    // Those that do not arrive are told as lost, by their ids.
    await this.eventually('every event has arrived', haveArrived).catch(() => undefined);
    const letters = mustArrive.map(({ id }) => id).filter((id) => refused.has(id));
    const driver = await this.options.store.openDriver();
    const dead = await deadLetterIds(driver, this.channel, this.options.name, letters);
    return accountOf({ sent: this.sent, taken, dead, mayBeGone });
  }

  /** That every producer had its answer, and was told nothing but to come again. */
  expectPoliteRefusals({ refusals }: FaultAccount): void {
    expect(Object.keys(refusals).filter((answer) => !COME_AGAIN.includes(answer))).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { home, name } = this.options;
    await this.stopSending();
    await home.client.delete(SUBSCRIPTION, { namespace: 'default', name });
    await home.client.delete(CHANNEL, { namespace: 'default', name });
    await this.consumer[Symbol.asyncDispose]();
  }

  private since(fromMs: number): SentEvent[] {
    return this.sent.filter(({ sentAtMs }) => sentAtMs >= fromMs);
  }

  private async conditions(): Promise<string> {
    const { home, name } = this.options;
    const found = await home.client.get(CHANNEL, { namespace: 'default', name });
    return JSON.stringify(found?.status?.conditions);
  }

  private async eventually(what: string, isSo: () => boolean): Promise<void> {
    try {
      await eventually(what, () => isSo() || undefined, HEAL_LIMIT_MS);
    } catch (error) {
      throw new Error(`${(error as Error).message}; the Channel has the conditions ${await this.conditions()}`, {
        cause: error,
      });
    }
  }
}
