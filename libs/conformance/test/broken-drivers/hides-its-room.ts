import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class HidesItsRoom extends WrappedDriver {
  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const { store, drift, maxEventBytes } = await this.inner.ensureChannel(channel);
    return { store, drift, maxEventBytes };
  }
}

export const hidesItsRoom: BrokenDriver = {
  fault: 'does not tell how many events a Channel can hold',
  madeOf: 'in-memory',
  foundOutBy: ['room/reports-its-room'],
  breakDriver: (inner) => new HidesItsRoom(inner),
};
