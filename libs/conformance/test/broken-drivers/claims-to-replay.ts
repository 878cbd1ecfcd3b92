import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const claimsToReplay: BrokenDriver = {
  fault: 'claims to replay, and starts every Subscription now',
  madeOf: 'in-memory',
  claims: { replay: ['earliest', 'time'] },
  foundOutBy: ['replay/from-earliest', 'replay/from-time'],
  breakDriver: (inner) => new WrappedDriver(inner),
};
