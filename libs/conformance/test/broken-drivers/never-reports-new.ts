import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class NeverReportsNew extends WrappedDriver {
  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    return { ...(await this.inner.ensureChannel(channel)), isNew: false };
  }
}

export const neverReportsNew: BrokenDriver = {
  fault: 'makes what keeps the events of a Channel anew and does not say so',
  madeOf: 'log',
  foundOutBy: ['durability/report-new'],
  breakDriver: (inner) => new NeverReportsNew(inner),
};
