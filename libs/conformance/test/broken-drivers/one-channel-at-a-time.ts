import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class OneChannelAtATime extends WrappedDriver {
  private busyWith: string | undefined;

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    if (this.busyWith !== undefined && this.busyWith !== channel.uid) throw new Error(`Busy with ${this.busyWith}`);
    this.busyWith = channel.uid;
    try {
      return await this.inner.ensureChannel(channel);
    } finally {
      this.busyWith = undefined;
    }
  }
}

export const oneChannelAtATime: BrokenDriver = {
  fault: 'fails while it is busy with another Channel',
  madeOf: 'log',
  foundOutBy: ['channel/overlapping-care'],
  breakDriver: (inner) => new OneChannelAtATime(inner),
};
