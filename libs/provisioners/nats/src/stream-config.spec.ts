import type { DriverChannel } from '@millrace/eventing-api';
import type { StreamConfig } from 'nats';
import { describe, expect, it } from 'vitest';
import { streamSettings } from './nats-options.js';
import { compareStream, otherOwner, streamConfig } from './stream-config.js';

const channel: DriverChannel = { namespace: 'default', name: 'orders', uid: 'uid-1', purpose: 'events', arguments: {} };
const configOf = (given: Record<string, unknown>, of = channel) =>
  streamConfig(of, streamSettings(of.purpose, given, {})) as StreamConfig;

describe('the stream of a Channel', () => {
  it('has the arguments of the Channel over the parameters of its provisioner over the defaults', () => {
    expect(streamSettings('events', { replicas: 3 }, { replicas: 5, maxBytes: 4096 })).toEqual({
      replicas: 3,
      storage: 'file',
      maxAgeMs: 7 * 24 * 3600_000,
      maxBytes: 4096,
      discard: 'new',
      partitions: 8,
    });
  });

  it('keeps dead letters for ever, whatever holds for events, unless the Channel itself says otherwise', () => {
    expect(streamSettings('dead-letters', {}, { maxAge: 'P1D' }).maxAgeMs).toBeUndefined();
    expect(streamSettings('dead-letters', { maxAge: 'P1D' }, {}).maxAgeMs).toBe(24 * 3600_000);
  });

  it('never deletes dead letters to make room, and bounds them only where the Channel itself does', () => {
    const ofEvents = { maxBytes: 4096, discard: 'old' } as const;
    expect(streamSettings('events', {}, ofEvents)).toMatchObject(ofEvents);
    expect(streamSettings('dead-letters', {}, ofEvents)).toMatchObject({ maxBytes: undefined, discard: 'new' });
    expect(streamSettings('dead-letters', ofEvents, {})).toMatchObject({ maxBytes: 4096, discard: 'new' });
  });

  it('never remembers ids for longer than it keeps events, which NATS refuses', () => {
    const { duplicate_window, max_age } = configOf({ maxAge: 'PT1S' });
    expect(duplicate_window).toBe(max_age);
  });

  it('says whose it is', () => {
    const own = configOf({});
    expect(otherOwner(own, channel)).toBeUndefined();
    expect(otherOwner(own, { ...channel, uid: 'uid-2' })).toContain('uid-1');
    expect(otherOwner({ description: 'made by hand' }, channel)).toBe('made by hand');
    expect(otherOwner({}, channel)).toBe('nobody that it names');
  });
});

describe('a stream that is not as it was asked for', () => {
  it.each([
    ['nothing', {}, {}, undefined, []],
    ['a longer age', { maxAge: 'PT1H' }, { maxAge: 'PT2H' }, { max_age: 7200e9 }, []],
    ['no age limit', { maxAge: 'PT1H' }, { maxAge: 'PT0S' }, { max_age: 0 }, []],
    ['more room', { maxBytes: 2048 }, { maxBytes: 4096 }, { max_bytes: 4096 }, []],
    ['more replicas', { replicas: 1 }, { replicas: 3 }, { num_replicas: 3 }, []],
    ['refusing instead of deleting', { discard: 'old' }, { discard: 'new' }, { discard: 'new' }, []],
  ])('is given %s', (_, found, asked, repair, drift) => {
    expect(compareStream(configOf(found), configOf(asked))).toEqual({ repair, drift });
  });

  it.each([
    [{ maxAge: 'PT2H' }, { maxAge: 'PT1H' }, 'maxAge is 7200 s, not 3600 s'],
    [{ maxAge: 'PT0S' }, { maxAge: 'PT1H' }, 'maxAge is without limit, not 3600 s'],
    [{ maxBytes: 4096 }, { maxBytes: 2048 }, 'maxBytes is 4096 bytes, not 2048 bytes'],
    [{}, { maxBytes: 2048 }, 'maxBytes is without limit, not 2048 bytes'],
    [{ replicas: 3 }, { replicas: 1 }, 'replicas is 3, not 1'],
    [{ discard: 'new' }, { discard: 'old' }, 'discard is new, not old'],
    [{ storage: 'file' }, { storage: 'memory' }, 'storage is file, not memory'],
    [{ partitions: 8 }, { partitions: 4 }, 'partitions is 8, not 4'],
    [{ partitions: 8 }, { partitions: 16 }, 'partitions is 8, not 16'],
  ])('is left alone and told of: %j where %j is asked for', (found, asked, sentence) => {
    expect(compareStream(configOf(found), configOf(asked))).toEqual({ repair: undefined, drift: [sentence] });
  });
});
