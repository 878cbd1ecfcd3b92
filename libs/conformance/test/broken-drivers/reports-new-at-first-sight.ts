import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ReportsNewAtFirstSight extends WrappedDriver {
  private readonly seen = new Set<string>();

  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const report = await this.inner.ensureChannel(channel);
    const isNew = !this.seen.has(channel.uid);
    this.seen.add(channel.uid);
    return { ...report, isNew };
  }

  override deleteChannel(channel: DriverChannel): Promise<void> {
    this.seen.delete(channel.uid);
    return this.inner.deleteChannel(channel);
  }
}

export const reportsNewAtFirstSight: BrokenDriver = {
  fault: 'takes a Channel that another process has made for new',
  madeOf: 'log',
  foundOutBy: ['durability/report-new'],
  breakDriver: (inner) => new ReportsNewAtFirstSight(inner),
};
