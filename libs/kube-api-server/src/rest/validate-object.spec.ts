import { RESOURCE_DEFINITIONS, type KubeObject } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import type { WriteOptions } from './resource-request.js';
import { StatusError, type Status } from './status-error.js';
import { checkSchema, type Accepted } from './validate-object.js';

const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));

function check(object: object, fieldValidation: WriteOptions['fieldValidation'] = 'Strict'): Accepted {
  const complete = { metadata: { name: 'a' }, ...object } as KubeObject;
  return checkSchema(registry.byKind(complete.apiVersion, complete.kind)!, complete, { fieldValidation });
}

function refusal(object: object): Status {
  try {
    check(object);
  } catch (error) {
    if (error instanceof StatusError) return error.status;
  }
  throw new Error('it was accepted');
}

const CHANNEL = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel' };

describe('An unknown field', () => {
  const misspelt = { ...CHANNEL, spec: { provisionr: { name: 'x' } }, colour: 'red' };

  it('refuses the object where the client wants that', () => {
    expect(refusal(misspelt)).toMatchObject({
      code: 400,
      message: expect.stringMatching(/strict decoding error: unknown field "spec.provisionr", unknown field "colour"$/),
    });
  });

  it.each([
    ['Warn', ['unknown field "spec.provisionr"', 'unknown field "colour"']],
    ['Ignore', []],
  ] as const)('is pruned and told as %s says', (mode, warnings) => {
    const object = { ...CHANNEL, metadata: { name: 'a' }, spec: {} };
    expect(check(misspelt, mode)).toEqual({ object, warnings });
  });

  it('of metadata counts too', () => {
    const { message } = refusal({ ...CHANNEL, metadata: { name: 'a', lables: {} } });
    expect(message).toContain('unknown field "metadata.lables"');
  });

  it('is kept where a field takes anything', () => {
    const opaque = { ...CHANNEL, metadata: { name: 'a' }, spec: { arguments: { any: { thing: 1 } } } };
    expect(check(opaque)).toEqual({ object: opaque, warnings: [] });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'c', image: 'i', readinessProbe: { httpGet: { port: 1 } } }], volumes: [] },
    };
    expect(check(pod)).toEqual({ object: pod, warnings: [] });
  });
});

describe('A value of the wrong type', () => {
  it('is a fault of its field', () => {
    expect(refusal({ ...CHANNEL, spec: { provisioner: 'x' } }).details?.causes).toEqual([
      {
        field: 'spec.provisioner',
        reason: 'FieldValueInvalid',
        message: expect.stringContaining('must be of type object'),
      },
    ]);
  });

  it('is a fault in built-in kinds too', () => {
    const causesOf = (object: object) => refusal(object).details?.causes;
    expect(causesOf({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: 1 } })).toMatchObject([{ field: 'data.a' }]);
    expect(causesOf({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: {} } })).toMatchObject([
      { field: 'spec.selector', reason: 'FieldValueRequired' },
    ]);
  });
});

describe('A null', () => {
  it('in metadata is an absent field, as Go clients mean it', () => {
    const { object } = check({ ...CHANNEL, metadata: { name: 'a', creationTimestamp: null } });
    expect(object.metadata).toEqual({ name: 'a' });
  });

  it('anywhere in a built-in kind is an absent field', () => {
    const template = { metadata: { creationTimestamp: null, labels: { app: 'x' } }, spec: { containers: [] } };
    const spec = { selector: { matchLabels: { app: 'x' } }, strategy: {}, template };
    const { object } = check({ apiVersion: 'apps/v1', kind: 'Deployment', spec, status: {} });
    expect(object).toMatchObject({ spec: { template: { metadata: { labels: { app: 'x' } } } } });
    expect(JSON.stringify(object)).not.toContain('null');
  });
});
