import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durableName, ownersSubject, partitionSubject, streamName } from './names.js';

const purpose = fc.constantFrom('events' as const, 'dead-letters' as const);
/** UIDs are UUIDs; whatever else somebody has, must work too. */
const uid = fc.oneof(fc.uuid(), fc.string({ minLength: 1, maxLength: 300 }));
/** Names of Kubernetes objects, and what else could be one. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/),
  fc.string({ minLength: 1, maxLength: 253 }),
);
const channel = fc.record({ uid, purpose });

const STREAM = /^K[ND]_[a-z2-7]{26}$/;
const SUBJECT = /^k[nd]\.[a-z2-7]{26}\.\d{1,2}$/;
const DURABLE = /^S_[a-z2-7]{26}_\d\d$/;

describe('names on the NATS server', () => {
  it('are of the alphabet and the length that NATS takes', () => {
    fc.assert(
      fc.property(channel, name, fc.integer({ min: 0, max: 63 }), (channel, name, partition) => {
        expect(streamName(channel)).toMatch(STREAM);
        expect(partitionSubject(channel, partition)).toMatch(SUBJECT);
        expect(durableName({ name }, partition)).toMatch(DURABLE);
        expect(streamName(channel).length).toBeLessThanOrEqual(32);
        expect(durableName({ name }, partition).length).toBeLessThanOrEqual(32);
      }),
    );
  });

  it('are told apart by uid, purpose, name and partition, whatever their case', () => {
    fc.assert(
      fc.property(channel, channel, (a, b) => {
        const isSame = a.uid === b.uid && a.purpose === b.purpose;
        expect(streamName(a).toLowerCase() === streamName(b).toLowerCase()).toBe(isSame);
        expect(partitionSubject(a, 1) === partitionSubject(b, 1)).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(name, name, fc.nat(63), fc.nat(63), (a, b, of, other) => {
        const isSame = a === b && of === other;
        expect(durableName({ name: a }, of) === durableName({ name: b }, other)).toBe(isSame);
      }),
    );
  });

  it('are those of the golden file: a change would lose sight of every stream', () => {
    const golden = JSON.parse(readFileSync(new URL('names.golden.json', import.meta.url), 'utf8')) as unknown;
    const uid = '6f1c2a9e-0b7d-4e5f-8a3b-2c1d0e9f8a7b';
    const namesOf = (purpose: 'events' | 'dead-letters') => ({
      stream: streamName({ uid, purpose }),
      subject: partitionSubject({ uid, purpose }, 7),
      durable: durableName({ name: 'audit' }, 7),
      owners: ownersSubject({
        channel: { namespace: 'default', name: 'orders', arguments: {}, uid, purpose },
        name: 'audit',
      }),
    });
    const names = { events: namesOf('events'), 'dead-letters': namesOf('dead-letters') };
    const odd = {
      stream: streamName({ uid: 'no uuid', purpose: 'events' }),
      durable: durableName({ name: 'a.b-c' }, 0),
    };
    expect({ ...names, odd }).toEqual(golden);
  });
});
