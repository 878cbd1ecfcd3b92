import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class ReportsDrift extends WrappedDriver {
  override async ensureChannel(channel: DriverChannel): Promise<ChannelReport> {
    const report = await this.inner.ensureChannel(channel);
    return { ...report, drift: ['The retention differs from what was asked for'] };
  }
}

export const reportsDrift: BrokenDriver = {
  fault: 'reports drift of a Channel that nobody has touched',
  madeOf: 'in-memory',
  foundOutBy: ['channel/report-without-drift'],
  breakDriver: (inner) => new ReportsDrift(inner),
};
