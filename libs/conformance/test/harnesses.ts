import { silentLogger, systemClock, type ChannelDriver, type ChannelDriverProvider } from '@millrace/eventing-api';
import { inMemoryDriverProvider } from '@millrace/provisioners-in-memory';
import type { ConformanceHarness } from '../src/index.js';
import { LOG_MAX_EVENT_BYTES, LogDriver, logCapabilities } from './log-store/log-driver.js';
import { LogStore } from './log-store/log-store.js';

/** Makes one driver of another. */
export type Wrapping = (inner: ChannelDriver) => ChannelDriver;

const context = { logger: silentLogger, clock: systemClock };

/** Longer than a busy machine needs: only what fails waits that long. */
const patienceMs = 10_000;
const concurrency = 40;

/** The in-memory driver, wrapped. */
export function inMemory(name: string, wrap: Wrapping, parameters: Record<string, unknown> = {}): ConformanceHarness {
  const open = async (more: Record<string, unknown> = {}) =>
    wrap(await inMemoryDriverProvider.open({ ...parameters, ...more }, {}, context));
  return {
    ...{ name, patienceMs, concurrency, parameters },
    provider: inMemoryDriverProvider,
    capabilities: inMemoryDriverProvider.capabilitiesFor!(parameters),
    open: () => open(),
    openBounded: (maxQueuedEvents) => open({ maxQueuedEvents }),
  };
}

function logDriverProvider(store: LogStore): ChannelDriverProvider {
  const nothing = inMemoryDriverProvider.argumentsSchema;
  return {
    ...{ driver: 'log', claims: { log: {} }, capabilities: logCapabilities },
    ...{ parametersSchema: nothing, argumentsSchema: nothing },
    open: () => Promise.resolve(new LogDriver(store)),
  };
}

/** Drivers on one log, each wrapped. */
export function log(name: string, wrap: Wrapping): ConformanceHarness {
  const store = new LogStore();
  const provider = logDriverProvider(store);
  return {
    ...{ name, patienceMs, concurrency, provider, capabilities: logCapabilities, maxEventBytes: LOG_MAX_EVENT_BYTES },
    open: async () => wrap(await provider.open({}, {}, context)),
    async restartStore() {
      store.kill();
      await new Promise((resolve) => setImmediate(resolve));
      store.revive();
    },
    killStore() {
      store.kill();
      return Promise.resolve(() => {
        store.revive();
        return Promise.resolve();
      });
    },
  };
}
