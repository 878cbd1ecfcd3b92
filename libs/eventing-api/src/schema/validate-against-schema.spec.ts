import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { Channel } from '../channel/channel.schema.js';
import { validateAgainstSchema } from './validate-against-schema.js';

const channel = (spec: unknown, metadata: unknown = { name: 'orders' }) => ({
  apiVersion: 'eventing.knative.dev/v1alpha1',
  kind: 'Channel',
  metadata,
  spec,
});

const told = (schema: Parameters<typeof validateAgainstSchema>[0], value: unknown, rootPath?: string) =>
  validateAgainstSchema(schema, value, rootPath).map(({ field, reason, message }) => `${field} ${reason} ${message}`);

describe('validating a Channel', () => {
  it('finds no fault in a good one, with fields that nobody knows', () => {
    expect(told(Channel, channel({ provisioner: { name: 'kafka' }, delivery: { retry: 0 }, colour: 'blue' }))).toEqual(
      [],
    );
  });

  it.each<[unknown, string]>([
    [
      channel({ delivery: { retry: -1 } }),
      'spec.delivery.retry FieldValueInvalid Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      channel({ delivery: { retry: 1001 } }),
      'spec.delivery.retry FieldValueInvalid Invalid value: 1001: must be less than or equal to 1000',
    ],
    [
      channel({ delivery: { retry: 'ten' } }),
      'spec.delivery.retry FieldValueInvalid Invalid value: "ten": must be of type integer',
    ],
    [
      channel({ delivery: { retry: 1.5 } }),
      'spec.delivery.retry FieldValueInvalid Invalid value: 1.5: must be of type integer',
    ],
    [
      channel({ delivery: { backoffPolicy: 'quadratic' } }),
      'spec.delivery.backoffPolicy FieldValueNotSupported Unsupported value: "quadratic": supported values: "linear", "exponential"',
    ],
    [
      channel({ provisioner: 'kafka' }),
      'spec.provisioner FieldValueInvalid Invalid value: "kafka": must be of type object',
    ],
    [channel({ arguments: 3 }), 'spec.arguments FieldValueInvalid Invalid value: 3: must be of type object'],
    [
      channel({ subscribable: { subscribers: [{}, { uid: 7 }] } }),
      'spec.subscribable.subscribers[1].uid FieldValueInvalid Invalid value: 7: must be of type string',
    ],
    [
      channel({}, { labels: { 'example.com/team': 3 } }),
      'metadata.labels[example.com/team] FieldValueInvalid Invalid value: 3: must be of type string',
    ],
    [
      channel({}, { creationTimestamp: 'yesterday' }),
      'metadata.creationTimestamp FieldValueInvalid Invalid value: "yesterday": must be a time as in 2019-02-20T08:00:00Z (RFC 3339)',
    ],
    [
      channel({}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p' }] }),
      'metadata.ownerReferences[0].uid FieldValueRequired Required value',
    ],
  ])('%j', (object, expected) => {
    expect(told(Channel, object)).toEqual([expected]);
  });

  it('tells every fault at once, also more than a few', () => {
    const subscribers = Array.from({ length: 30 }, (_, index) => ({ uid: index }));

    expect(validateAgainstSchema(Channel, channel({ subscribable: { subscribers } }))).toHaveLength(30);
  });

  it('cuts a huge value short', () => {
    const [fault] = validateAgainstSchema(Channel, channel({ provisioner: 'x'.repeat(10_000) }));

    expect(fault?.message.length).toBeLessThan(300);
  });
});

describe("validating by a driver's own schema", () => {
  const Arguments = Type.Object(
    {
      partitions: Type.Optional(Type.Integer({ minimum: 1 })),
      acknowledge: Type.Optional(Type.Union([Type.Literal('queued'), Type.Literal('delivered')])),
      retention: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
      brokers: Type.Array(Type.String({ minLength: 1, pattern: '^[^,]*$' }), { minItems: 1 }),
    },
    { additionalProperties: false },
  );

  it.each<[unknown, string]>([
    [{}, 'spec.arguments.brokers FieldValueRequired Required value'],
    [
      { brokers: ['a'], partition: 3 },
      'spec.arguments.partition FieldValueForbidden Forbidden: unknown field: known fields: "partitions", "acknowledge", "retention", "brokers"',
    ],
    [
      { brokers: ['a'], acknowledge: 'never' },
      'spec.arguments.acknowledge FieldValueNotSupported Unsupported value: "never": supported values: "queued", "delivered"',
    ],
    [
      { brokers: ['a'], retention: true },
      'spec.arguments.retention FieldValueInvalid Invalid value: true: must match one of the forms that are allowed here',
    ],
    [{ brokers: [] }, 'spec.arguments.brokers FieldValueInvalid Invalid value: []: must have at least 1 items'],
    [{ brokers: [''] }, 'spec.arguments.brokers[0] FieldValueInvalid Invalid value: "": must not be empty'],
    [
      { brokers: ['a,b'] },
      'spec.arguments.brokers[0] FieldValueInvalid Invalid value: "a,b": must match the pattern ^[^,]*$',
    ],
    [undefined, 'spec.arguments FieldValueInvalid Invalid value: undefined: must be of type object'],
  ])('%j', (value, expected) => {
    expect(told(Arguments, value, 'spec.arguments')).toEqual([expected]);
  });
});
