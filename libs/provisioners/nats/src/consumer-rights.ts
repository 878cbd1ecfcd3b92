import { within, type Clock, type DriverSubscription } from '@millrace/eventing-api';
import type { NatsConnection } from 'nats';
import { ackSubject, ownersSubject } from './names.js';
import type { StoreConnection } from './store-connection.js';
import { isNoResponders, JETSTREAM, jetStreamCode, NATS_SILENT, storeError } from './store-error.js';

const LIMIT_MS = 5_000;
/** No stream has come as far: what expects to be the next one is refused. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Tries the rights that only consuming needs, since the server tells nobody of them before an event waits: without one it is delivered to nobody, or again and again. Nothing is changed.
 *
 * @throws Error in the words of the server, where one is missing or the server does not answer
 */
export async function checkConsumerRights(
  { client }: StoreConnection,
  clock: Clock,
  subscription: DriverSubscription,
): Promise<void> {
  const owners = ownersSubject(subscription);
  const tries = [
    tryToAcknowledge(client, ackSubject(subscription)),
    tryToListen(client, owners),
    tryToWrite(client, owners),
  ];
  try {
    await within(clock, LIMIT_MS, Promise.all(tries), NATS_SILENT);
  } catch (error) {
    throw storeError(`Subscription ${subscription.name} cannot be consumed`, error);
  }
}

/** It is no message's: nobody answers. */
async function tryToAcknowledge(client: NatsConnection, subject: string): Promise<void> {
  await client.request(subject, undefined, { timeout: LIMIT_MS }).catch((error: unknown) => {
    if (!isNoResponders(error)) throw error;
  });
}

async function tryToListen(client: NatsConnection, subject: string): Promise<void> {
  const refusals: Error[] = [];
  const listening = client.subscribe(subject, {
    callback: (error) => {
      if (error) refusals.push(error);
    },
  });
  // The server answers in the order in which it was asked.
  await client.flush();
  listening.unsubscribe();
  if (refusals[0]) throw refusals[0];
}

/** Empty, which those who listen pass over. */
async function tryToWrite(client: NatsConnection, subject: string): Promise<void> {
  const options = { expect: { lastSubjectSequence: NEVER }, timeout: LIMIT_MS };
  await client
    .jetstream()
    .publish(subject, undefined, options)
    .catch((error: unknown) => {
      if (jetStreamCode(error) !== JETSTREAM.wrongLastSequence) throw error;
    });
}
