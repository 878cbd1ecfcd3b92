import type { DriverChannel } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelPlaces, subjectOf, type Place } from './channel-places.js';

const channelOf = (uid: string): DriverChannel => ({
  ...{ namespace: 'default', name: 'orders', uid, purpose: 'events', arguments: {} },
});

describe('the places of Channels', () => {
  const channel = channelOf('uid-1');
  let clock: ManualClock;
  let questions: PromiseWithResolvers<number | undefined>[];
  let places: ChannelPlaces;
  const deadline = (inMs: number) => ({ atMs: clock.now() + inMs, signal: undefined });

  beforeEach(() => {
    [clock, questions] = [new ManualClock(), []];
    const partitionsOf = () => {
      const question = Promise.withResolvers<number | undefined>();
      questions.push(question);
      return question.promise;
    };
    places = new ChannelPlaces({ partitionsOf }, clock);
  });

  it('are asked for once, however many want to know', async () => {
    const found = [places.find(channel, deadline(1_000)), places.find(channel, deadline(1_000))];
    expect(questions).toHaveLength(1);
    questions[0]!.resolve(2);
    const [first, second] = await Promise.all(found);
    expect((first as Place).subjects).toHaveLength(2);
    expect(second).toBe(first);
    expect(places.known(channel)).toBe(first);
    void places.find(channel, deadline(1_000));
    expect(questions).toHaveLength(2);
  });

  it('are waited for until the deadline of each who asks, and known when the answer comes later', async () => {
    const [hasty, patient] = [places.find(channel, deadline(100)), places.find(channel, deadline(500))];
    clock.advance(100);
    expect(await hasty).toMatchObject({ outcome: 'refused', code: 'timeout' });
    questions[0]!.resolve(3);
    expect(((await patient) as Place).subjects).toHaveLength(3);
    const late = { ...deadline(1_000), signal: AbortSignal.abort() };
    expect(await places.find(channel, late)).toMatchObject({ code: 'timeout' });
  });

  it('go on taking turns when a Channel is ensured again', () => {
    const first = subjectOf(places.learn(channel, 4), undefined);
    expect(subjectOf(places.learn(channel, 4), undefined)).not.toBe(first);
  });

  it('are kept of a bounded number of Channels, those ensured last', () => {
    for (let uid = 0; uid < 10_000; uid++) places.learn(channelOf(`uid-${uid}`), 1);
    places.learn(channelOf('uid-0'), 1);
    places.learn(channelOf('one more'), 1);
    expect(places.size).toBe(10_000);
    expect(places.known(channelOf('uid-0'))).toBeDefined();
    expect(places.known(channelOf('uid-1'))).toBeUndefined();
  });
});
