import { getHeapStatistics } from 'node:v8';
import type { ChannelDriverProvider } from '@millrace/eventing-api';
import { ByteBudget } from './byte-budget.js';
import { inMemoryCapabilities } from './capabilities.js';
import { InMemoryDriver, type ProcessMemory } from './in-memory-driver.js';
import {
  InMemoryArguments,
  inMemoryCapabilitiesFor,
  inMemoryOptions,
  InMemoryParameters,
} from './in-memory-options.js';

/** Share of the heap limit that the waiting events of all Channels of a process may take. */
const EVENTS_SHARE = 0.25;
/** The same for dead letters. They have a share of their own, since nobody may ever read them, and events must not be refused because of that. */
const DEAD_LETTERS_SHARE = 0.05;

/** All stores of a process share its memory. */
const processMemory: ProcessMemory = {
  events: new ByteBudget(Math.floor(getHeapStatistics().heap_size_limit * EVENTS_SHARE)),
  'dead-letters': new ByteBudget(Math.floor(getHeapStatistics().heap_size_limit * DEAD_LETTERS_SHARE)),
};

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
    Promise.resolve(new InMemoryDriver(inMemoryOptions(parameters), processMemory, context)),
};
