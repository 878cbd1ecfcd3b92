import type { PubSub } from '@google-cloud/pubsub';
import { ManualClock } from '@millrace/testing';
import { expect, it } from 'vitest';
import { StoreHealth } from './store-health.js';

/** A service that answers every call with this status of gRPC. */
function answering(code: number, words: string): StoreHealth {
  const error = Object.assign(new Error(`${code} ${words}`), { code });
  return new StoreHealth({ getTopics: () => Promise.reject(error) } as unknown as PubSub, new ManualClock());
}

it('a project that is not there is down, in the words of the service', async () => {
  const health = await answering(5, 'NOT_FOUND: Requested project not found').current();
  expect(health).toEqual({ status: 'down', message: '5 NOT_FOUND: Requested project not found' });
});

it('the rights to list topics are not needed', async () => {
  expect(await answering(7, 'PERMISSION_DENIED: User not authorized').current()).toEqual({ status: 'up' });
});
