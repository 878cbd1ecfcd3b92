import { RESOURCE_DEFINITIONS } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from './kind-registry.js';
import { servedKinds } from './served-kinds.js';

const registry = new KindRegistry(servedKinds(RESOURCE_DEFINITIONS));

describe('A kind is found', () => {
  it('by its URL', () => {
    expect(registry.resolve('', 'v1', 'services')).toMatchObject({ apiVersion: 'v1', kind: { kind: 'Service' } });
    expect(registry.resolve('serving.knative.dev', 'v1alpha1', 'services')).toMatchObject({
      apiVersion: 'serving.knative.dev/v1alpha1',
      kind: { custom: true },
    });
  });

  it('under another group and version, as the same kind', () => {
    const alias = registry.resolve('extensions', 'v1beta1', 'deployments')!;
    expect(alias.apiVersion).toBe('extensions/v1beta1');
    expect(alias.alias).toBeDefined();
    expect(alias.kind).toBe(registry.resolve('apps', 'v1', 'deployments')!.kind);
    expect(registry.byKind('extensions/v1beta1', 'Deployment')).toBe(alias);
  });

  it.each([
    ['', 'v1', 'things'],
    ['', 'v2', 'pods'],
    ['apps', 'v1', 'pods'],
  ])('not where there is none: %s/%s %s', (group, version, plural) => {
    expect(registry.resolve(group, version, plural)).toBeUndefined();
  });
});

describe('The CustomResourceDefinitions', () => {
  it('can only be read', () => {
    const { kind } = registry.resolve('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!;
    expect(kind.verbs).toEqual(['get', 'list', 'watch']);
  });
});
