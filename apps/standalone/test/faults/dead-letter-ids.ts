import type { Channel, ChannelDriver } from '@millrace/eventing-api';
import {
  deadLetterChannel,
  deadLetterReader,
} from '../../../../libs/provisioner-runtime/src/dead-letters/dead-letter-channel.js';
import { driverChannel } from '../../../../libs/provisioner-runtime/src/stores/hosted-channel.js';
import { eventually } from '../eventually.js';

/** Reads the dead-letter place of a Subscription until these ids were in it, or a minute is over; the ids that were in it. */
export async function deadLetterIds(
  driver: ChannelDriver,
  channel: Channel,
  subscription: string,
  wanted: readonly string[],
): Promise<Set<string>> {
  const ids = new Set<string>();
  if (wanted.length === 0) return ids;
  const reader = deadLetterReader(deadLetterChannel(driverChannel(channel), subscription));
  const consumption = driver.consume(
    reader,
    (event) => {
      ids.add(event.id);
      return Promise.resolve('delivered');
    },
    { maxInFlight: 64 },
  );
  let closed: unknown;
  consumption.closed.catch((error: unknown) => (closed = error));
  const isOver = () => closed !== undefined || wanted.every((id) => ids.has(id)) || undefined;
  // Those that are missing are told by whoever asked.
  await eventually('the dead letters are read', isOver, 60_000).catch(() => undefined);
  await consumption.stop(AbortSignal.timeout(2_000));
  return ids;
}
