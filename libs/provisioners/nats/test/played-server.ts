import { silentLogger, type EventHandler } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import type { Msg } from 'nats';
import { NatsConsumption, type ConsumptionServices } from '../src/consumption/nats-consumption.js';
import { toHeaders } from '../src/message-mapping.js';
import type { OwnershipRecord } from '../src/ownership/ownership-record.js';
import type { StoredRecord } from '../src/ownership/ownership-store.js';
import { newChannel, subscriptionOf, testEvent } from './open-store.js';

type OnMessage = (error: null, message: Partial<Msg>) => void;

/** Headers and data of a message with an event. */
export function playedEvent(id: string): Partial<Msg> {
  const event = testEvent(id);
  return { headers: toHeaders(event, 'm'), data: event.body };
}

/** Lets everything that waits for an answer of the server have it. */
export async function answersCome(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a consumption of a Subscription with one partition talks to, played by a test to the turn of the event loop. */
export class PlayedServer {
  readonly clock = new ManualClock();
  readonly leaseMs = 10_000;
  /** The record of who owns what. */
  owners: StoredRecord = { revision: 0, record: undefined };
  /** Holds back the answers to writes of that record. */
  answer: Promise<undefined> = Promise.resolve(undefined);
  /** How long it takes to end a subscription of a reader. */
  draining: Promise<undefined> = Promise.resolve(undefined);
  private toReader: OnMessage = () => {};
  private toAgreement: OnMessage = () => {};
  private delivered = 0;

  consume(handler: EventHandler): NatsConsumption {
    const subscription = subscriptionOf(newChannel());
    return new NatsConsumption(subscription, handler, { maxInFlight: 1 }, this.services());
  }

  /** Hands an event to the reader, within this turn. */
  deliver(id: string): void {
    const place = ++this.delivered;
    const reply = `$JS.ACK.s.c.1.${place}.${place}.0.0`;
    this.toReader(null, { subject: 'kn.x.0', reply, ...playedEvent(id) });
  }

  /** Another process writes the record. */
  writeOwners(record: OwnershipRecord): void {
    this.owners = { revision: this.owners.revision + 1, record };
    this.toAgreement(null, { data: Buffer.from('{}'), json: () => record as never });
  }

  private services(): ConsumptionServices {
    const settle = (_: string, onOutcome: (outcome: 'confirmed') => void) => onOutcome('confirmed');
    const services = {
      connection: { isConnected: true, client: this.client(), listen: () => () => {} },
      ...{ clock: this.clock, logger: silentLogger, ackWaitMs: this.leaseMs },
      acknowledger: { acknowledge: settle, giveBack: settle, keepAlive: () => {} },
      owners: {
        read: () => Promise.resolve(this.owners),
        write: (_: string, record: OwnershipRecord, revision: number) => this.write(record, revision),
        ensure: () => Promise.resolve(),
        tellFault: () => {},
      },
      partitionsOf: () => Promise.resolve(1),
      stateOf: () =>
        Promise.resolve({ inDelivery: this.delivered, lastDelivery: this.delivered, lastSequence: this.delivered }),
    };
    return services as unknown as ConsumptionServices;
  }

  private client() {
    const subscribe = (subject: string, { callback }: { callback: OnMessage }) => {
      if (subject.startsWith('_INBOX')) this.toReader = callback;
      else this.toAgreement = callback;
      return { unsubscribe: () => {}, drain: () => this.draining };
    };
    return { subscribe, publish: () => {} };
  }

  private async write(record: OwnershipRecord, revision: number): Promise<number | undefined> {
    if (revision !== this.owners.revision) return undefined;
    this.owners = { revision: revision + 1, record };
    await this.answer;
    return revision + 1;
  }
}
