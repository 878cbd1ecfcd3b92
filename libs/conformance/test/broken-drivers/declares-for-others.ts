import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

export const declaresForOthers: BrokenDriver = {
  fault: 'declares the same capabilities whatever its parameters are, although they decide',
  madeOf: 'acknowledged',
  foundOutBy: ['provider/capabilities'],
  breakDriver: (inner) => new WrappedDriver(inner),
  breakProvider: ({ capabilities, ...inner }) => {
    const always = { ...capabilities, acknowledgesDelivery: false };
    return { ...inner, capabilities: always, capabilitiesFor: () => always };
  },
};
