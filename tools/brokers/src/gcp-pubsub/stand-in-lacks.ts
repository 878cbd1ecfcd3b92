import type { BrokerLack } from '../broker.types.js';

const lacksOfBoth: readonly BrokerLack[] = ['access control', 'durability', 'exactly-once', 'size limits'];

/** As tried with the emulator 0.8.20. */
export const emulatorLacks: readonly BrokerLack[] = [...lacksOfBoth, 'filters', 'ordered redelivery'];

/** As tried with pstest 2.8.1, which a single seek ends. */
export const pstestLacks: readonly BrokerLack[] = [...lacksOfBoth, 'dead letter policy', 'deletion notice', 'seek'];
