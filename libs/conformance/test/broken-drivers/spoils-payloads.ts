import type { ChannelDriver, DriverChannel, StoredEvent } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Stores something else than it was given. */
class SpoilsPayloads extends WrappedDriver {
  constructor(
    inner: ChannelDriver,
    private readonly spoil: (event: StoredEvent) => StoredEvent,
  ) {
    super(inner);
  }

  override publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined) {
    return this.inner.publish(channel, this.spoil(event), signal);
  }
}

function spoiling(
  fault: string,
  spoil: (event: StoredEvent) => StoredEvent,
  found: readonly string[],
  reachesSubscribers = true,
): BrokenDriver {
  return {
    fault,
    madeOf: 'in-memory',
    foundOutBy: [...found, 'dead-letters/payloads', ...(reachesSubscribers ? ['engine/payloads'] : [])],
    breakDriver: (inner) => new SpoilsPayloads(inner, spoil),
  };
}

export const decodesBodies = spoiling(
  'takes every body for UTF-8',
  (event) => ({ ...event, body: Buffer.from(event.body.toString('utf8')) }),
  ['payloads/binary-body', 'payloads/largest-body'],
);

export const fillsEmptyBodies = spoiling(
  'stores null where there is no data',
  (event) => ({ ...event, body: event.body.length === 0 ? Buffer.from('null') : event.body }),
  ['payloads/empty-body'],
);

export const writesJsonAnew = spoiling(
  'reads JSON documents and writes them anew',
  (event) =>
    event.mode === 'structured'
      ? { ...event, body: Buffer.from(JSON.stringify(JSON.parse(event.body.toString()))) }
      : event,
  ['payloads/structured'],
);

export const cutsHeaders = spoiling(
  'has room for 64 headers',
  (event) => ({ ...event, headers: event.headers.slice(0, 128) }),
  ['payloads/many-attributes'],
);

export const writesAttributesInAscii = spoiling(
  'puts a question mark where an attribute is not ASCII',
  (event) => ({ ...event, headers: event.headers.map((text) => text.replaceAll(/(%[89A-F][0-9A-F])+/g, '?')) }),
  ['payloads/unicode-attributes'],
);

export const leavesOutTransport = spoiling(
  'leaves out hops and trace context',
  (event) => ({ ...event, transport: { hops: 1 } }),
  ['payloads/old-version', 'payloads/transport'],
  false,
);
