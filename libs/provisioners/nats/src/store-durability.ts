import type { Durability } from '@millrace/eventing-api';
import type { StreamSettings } from './nats-options.js';

/** Servers of which one may be lost without the stream. */
const REPLICATED_FROM = 3;

/**
 * What a 202 survives, by the settings of the stream. `Synced` is never said: JetStream acknowledges before it syncs its files, every two minutes by default, and a
 * client cannot see whether `sync_interval: always` is set.
 */
export function durabilityOf({ storage, replicas }: Pick<StreamSettings, 'storage' | 'replicas'>): Durability {
  const settings = `replicas: ${replicas}, storage: ${storage}`;
  if (replicas >= REPLICATED_FROM) {
    return { level: 'Replicated', message: `${settings}: a majority of ${replicas} servers has each event` };
  }
  if (storage === 'memory') {
    return { level: 'Volatile', message: `${settings}: events are gone with the process of the NATS server` };
  }
  return {
    level: 'ProcessOnly',
    message: `${settings}: events are in the file cache of the NATS server's machine, which syncs it to disk now and then`,
  };
}
