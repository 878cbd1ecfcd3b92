import { getHeapStatistics } from 'node:v8';
import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { ByteBudget } from './byte-budget.js';
import { inMemoryCapabilities } from './capabilities.js';
import { InMemoryDriver } from './in-memory-driver.js';
import {
  InMemoryArguments,
  inMemoryCapabilitiesFor,
  inMemoryOptions,
  InMemoryParameters,
} from './in-memory-options.js';

/** Share of the heap limit that the waiting events of all Channels of a process may take. */
const PROCESS_SHARE = 0.25;

/** All stores of a process share its memory. */
const processBudget = new ByteBudget(Math.floor(getHeapStatistics().heap_size_limit * PROCESS_SHARE));

/**
 * The in-memory driver. It answers to the two names that Knative Eventing v0.4.0 shipped: `in-memory` (202 = queued) and
 * `in-memory-channel` (202 = every subscriber has answered).
 */
export const inMemoryDriverProvider: ChannelDriverProvider = {
  driver: 'in-memory',
  claims: { 'in-memory': {}, 'in-memory-channel': { acknowledge: 'delivered' } },
  capabilities: inMemoryCapabilities,
  capabilitiesFor: inMemoryCapabilitiesFor,
  parametersSchema: InMemoryParameters,
  argumentsSchema: InMemoryArguments,
  open: (parameters, _secrets, context) =>
    Promise.resolve(new InMemoryDriver(inMemoryOptions(parameters), processBudget, context)),
};
