import { describe, expect, it } from 'vitest';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { provisionerObject } from '../../test/test-objects.js';
import { servingProvider } from './serving-provider.js';

const kafka = { ...inMemoryDriverProvider, driver: 'kafka', claims: { kafka: {} } };
const providers = [inMemoryDriverProvider, kafka];

describe('who serves a ClusterChannelProvisioner', () => {
  it.each([
    { reason: 'a name that a driver claims', name: 'in-memory', spec: {}, driver: 'in-memory', parameters: {} },
    {
      reason: 'a claimed name implies parameters',
      name: 'in-memory-channel',
      spec: {},
      driver: 'in-memory',
      parameters: { acknowledge: 'delivered' },
    },
    {
      reason: 'given parameters win over implied ones',
      name: 'in-memory-channel',
      spec: { parameters: { acknowledge: 'queued', maxQueuedEvents: 5 } },
      driver: 'in-memory',
      parameters: { acknowledge: 'queued', maxQueuedEvents: 5 },
    },
    {
      reason: 'spec.driver wins over the name, which implies nothing then',
      name: 'in-memory-channel',
      spec: { driver: 'kafka' },
      driver: 'kafka',
      parameters: {},
    },
    { reason: 'any name with a driver', name: 'mine', spec: { driver: 'kafka' }, driver: 'kafka', parameters: {} },
    { reason: 'a name that nobody claims', name: 'mine', spec: {}, driver: undefined, parameters: undefined },
    {
      reason: 'a driver that nobody has',
      name: 'kafka',
      spec: { driver: 'nats' },
      driver: undefined,
      parameters: undefined,
    },
    { reason: 'a name that every object has', name: 'toString', spec: {}, driver: undefined, parameters: undefined },
  ])('$reason', ({ name, spec, driver, parameters }) => {
    const serving = servingProvider(provisionerObject(name, spec), providers);
    expect(serving?.provider.driver).toBe(driver);
    expect(serving?.parameters).toEqual(parameters);
  });
});
