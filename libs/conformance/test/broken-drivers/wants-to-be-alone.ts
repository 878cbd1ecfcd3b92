import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

/** Takes "somebody is making it just now" for an error, as brokers report it. */
class WantsToBeAlone extends WrappedDriver {
  private static readonly inTheMaking = new Set<string>();

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const key = `${channel.purpose}/${channel.uid}`;
    if (WantsToBeAlone.inTheMaking.has(key)) throw new Error(`${key} is being made`);
    WantsToBeAlone.inTheMaking.add(key);
    try {
      return await this.inner.ensureChannel(channel);
    } finally {
      WantsToBeAlone.inTheMaking.delete(key);
    }
  }
}

export const wantsToBeAlone: BrokenDriver = {
  fault: 'fails when another process ensures the same Channel at the same time',
  madeOf: 'log',
  foundOutBy: ['replicas/overlapping-care'],
  breakDriver: (inner) => new WantsToBeAlone(inner),
};
