import { describe, expect, it } from 'vitest';
import { DELIVERY_DEFAULTS, resolveDelivery } from './delivery.defaults.js';
import type { DeliverySpec } from './delivery.schema.js';
import { deliveryFaults } from './delivery.validation.js';

const sink = { apiVersion: 'v1', kind: 'Service', name: 'letters' };

describe('a delivery that leaves things open', () => {
  it('retries 10 times with growing waits from 0.2 s to 60 s, 30 s an attempt', () => {
    expect(resolveDelivery(undefined)).toEqual({
      retry: 10,
      backoffPolicy: 'exponential',
      backoffDelayMs: 200,
      backoffMaxMs: 60_000,
      timeoutMs: 30_000,
      retryAfterMaxMs: 300_000,
      maxInFlight: 64,
      ordering: 'none',
    });
  });

  it('takes what is written, also where it is zero', () => {
    const spec: DeliverySpec = {
      retry: 0,
      backoffPolicy: 'linear',
      backoffDelay: 'PT0S',
      backoffMax: 'PT2S',
      timeout: 'PT1.5S',
      retryAfterMax: 'PT0S',
      maxInFlight: 1,
      ordering: 'key',
    };

    expect(resolveDelivery(spec)).toEqual({
      retry: 0,
      backoffPolicy: 'linear',
      backoffDelayMs: 0,
      backoffMaxMs: 2_000,
      timeoutMs: 1_500,
      retryAfterMaxMs: 0,
      maxInFlight: 1,
      ordering: 'key',
    });
  });

  it("takes the host's defaults before ours", () => {
    expect(resolveDelivery({ timeout: 'PT5S' }, { retry: 0, timeoutMs: 55_000 })).toEqual({
      ...DELIVERY_DEFAULTS,
      retry: 0,
      timeoutMs: 5_000,
    });
  });

  it('takes the default for a duration that nobody can read', () => {
    expect(resolveDelivery({ timeout: 'soon' }).timeoutMs).toBe(30_000);
  });
});

describe('the faults of a delivery', () => {
  it.each<[DeliverySpec, string | undefined]>([
    [{}, undefined],
    [{ backoffDelay: 'PT0S', retryAfterMax: 'PT0S', timeout: 'P7D' }, undefined],
    [{ timeout: '30s' }, 'spec.delivery.timeout: Invalid value: "30s": must be an ISO 8601 duration'],
    [{ timeout: 'PT0S' }, 'spec.delivery.timeout: Invalid value: "PT0S": must be longer than zero'],
    [{ backoffMax: 'PT0.0001S' }, 'spec.delivery.backoffMax: Invalid value: "PT0.0001S": must be longer than zero'],
    [{ backoffDelay: '-PT1S' }, 'spec.delivery.backoffDelay: Invalid value: "-PT1S": must be an ISO 8601 duration'],
    [{ retryAfterMax: 'P8D' }, 'spec.delivery.retryAfterMax: Invalid value: "P8D": must be at most P7D'],
    [{ retryAfterMax: '-PT1S' }, 'spec.delivery.retryAfterMax: Invalid value: "-PT1S": must be an ISO 8601 duration'],
    [{ deadLetterSink: { ref: sink } }, undefined],
    [{ deadLetterSink: { uri: 'https://letters.example.com/in?from=orders' } }, undefined],
    [{ deadLetterSink: {} }, 'spec.delivery.deadLetterSink: Required value: exactly one of ref and uri'],
    [
      { deadLetterSink: { ref: sink, uri: 'http://a/' } },
      'spec.delivery.deadLetterSink: Forbidden: ref and uri exclude each other; set one of ref and uri',
    ],
    [
      { deadLetterSink: { uri: '/letters' } },
      'spec.delivery.deadLetterSink.uri: Invalid value: "/letters": must be an absolute http or https URL',
    ],
    [{ deadLetterSink: { uri: '' } }, 'spec.delivery.deadLetterSink.uri: Invalid value: ""'],
    [
      { deadLetterSink: { ref: { apiVersion: 'v1', kind: 'Service' } } },
      'spec.delivery.deadLetterSink.ref.name: Required value: name of the object',
    ],
    [
      { deadLetterSink: { ref: { ...sink, namespace: 'shop' } } },
      'spec.delivery.deadLetterSink.ref.namespace: Forbidden: references cannot leave the namespace of this object, so leave it out; give the address as spec.delivery.deadLetterSink.uri',
    ],
    [{ deadLetterSink: { ref: { ...sink, uid: 'u' } } }, 'spec.delivery.deadLetterSink.ref.uid: Forbidden'],
  ])('%j: %s', (delivery, expected) => {
    const faults = deliveryFaults(delivery, 'spec.delivery').map(({ field, message }) => `${field}: ${message}`);

    expect(faults).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  it('are told all at once', () => {
    const faults = deliveryFaults({ timeout: 'x', backoffMax: 'y', deadLetterSink: {} }, 'spec.delivery');

    expect(faults.map(({ field }) => field).sort()).toEqual([
      'spec.delivery.backoffMax',
      'spec.delivery.deadLetterSink',
      'spec.delivery.timeout',
    ]);
  });
});
