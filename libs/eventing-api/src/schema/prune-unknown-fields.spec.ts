import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { Channel } from '../channel/channel.schema.js';
import { OpaqueObject } from '../meta/schema-parts.js';
import { pruneUnknownFields } from './prune-unknown-fields.js';

describe('pruning', () => {
  it.each([
    ['a list', Type.Array(Type.String())],
    ['a text', Type.String()],
  ])('leaves an object that stands in the place of %s to whoever checks types', (_, schema) => {
    const value = { exact: { type: 'order' } };
    expect(pruneUnknownFields(Type.Object({ filters: schema }), { filters: value })).toEqual({
      value: { filters: value },
      unknownPaths: [],
    });
  });

  it('leaves out what the schema does not know and says where it was', () => {
    const channel = {
      apiVersion: 'eventing.knative.dev/v1alpha1',
      kind: 'Channel',
      colour: 'blue',
      metadata: { name: 'orders', nickname: 'o', labels: { 'example.com/team': 'billing' } },
      spec: {
        provisioner: { name: 'kafka', size: 3 },
        subscribable: { subscribers: [{ uid: 'u' }, { uid: 'v', shoe: 9 }] },
      },
    };

    expect(pruneUnknownFields(Channel, channel)).toEqual({
      value: {
        apiVersion: 'eventing.knative.dev/v1alpha1',
        kind: 'Channel',
        metadata: { name: 'orders', labels: { 'example.com/team': 'billing' } },
        spec: { provisioner: { name: 'kafka' }, subscribable: { subscribers: [{ uid: 'u' }, { uid: 'v' }] } },
      },
      unknownPaths: ['colour', 'metadata.nickname', 'spec.provisioner.size', 'spec.subscribable.subscribers[1].shoe'],
    });
  });

  it('keeps what a provisioner alone can read', () => {
    const channel = { spec: { arguments: { NumPartitions: 3, nested: { deep: [1, { a: null }] } } } };

    expect(pruneUnknownFields(Channel, channel)).toEqual({ value: channel, unknownPaths: [] });
  });

  it('still prunes the known fields of an open object', () => {
    const Open = Type.Object(
      { known: Type.Object({ a: Type.Integer() }) },
      { 'x-kubernetes-preserve-unknown-fields': true },
    );

    expect(pruneUnknownFields(Open, { known: { a: 1, b: 2 }, other: { c: 3 } })).toEqual({
      value: { known: { a: 1 }, other: { c: 3 } },
      unknownPaths: ['known.b'],
    });
  });

  it('prunes the values of a map', () => {
    const Pools = Type.Record(Type.String(), Type.Object({ size: Type.Integer() }));

    expect(pruneUnknownFields(Pools, { small: { size: 1, colour: 'red' } })).toEqual({
      value: { small: { size: 1 } },
      unknownPaths: ['small.colour'],
    });
  });

  it('leaves values of the wrong type to validation', () => {
    const value = { spec: 'nonsense', metadata: null };

    expect(pruneUnknownFields(Channel, value)).toEqual({ value, unknownPaths: [] });
  });

  it('keeps a key called __proto__ a key', () => {
    const value: unknown = JSON.parse('{"__proto__": {"polluted": true}}');

    const pruned = pruneUnknownFields(OpaqueObject({ description: 'anything' }), value).value as object;

    expect(Object.keys(pruned)).toEqual(['__proto__']);
    expect(pruned).not.toHaveProperty('polluted');
  });

  it('finds nothing more the second time, and changes no argument', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, metadata) => {
        const object = { spec: { subscribable: spec, provisioner: metadata }, metadata };
        const copy = structuredClone(object);

        const once = pruneUnknownFields(Channel, object);

        expect(pruneUnknownFields(Channel, once.value)).toEqual({ value: once.value, unknownPaths: [] });
        expect(object).toEqual(copy);
      }),
    );
  });
});
