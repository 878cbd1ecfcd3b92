import { describe, expect, it } from 'vitest';
import { lookupOf, namespaceOf } from '../../test/lookup-of.js';
import type { ClusterChannelProvisioner } from './cluster-channel-provisioner.schema.js';
import { chooseDefaultProvisioner } from './default-provisioner.js';

const marked = { 'eventing.knative.dev/is-default-provisioner': 'true' };

function provisioner(name: string, metadata: Partial<ClusterChannelProvisioner['metadata']> = {}) {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'ClusterChannelProvisioner',
    metadata: { name, creationTimestamp: '2019-02-20T08:00:00Z', ...metadata },
  };
}

describe('the default provisioner', () => {
  it("is the namespace's where it names one, whatever the cluster's is", () => {
    const lookup = lookupOf(
      provisioner('in-memory', { annotations: marked }),
      namespaceOf('billing', { 'eventing.knative.dev/default-provisioner': 'kafka' }),
    );

    expect(chooseDefaultProvisioner('billing', lookup)).toEqual({ name: 'kafka', contenders: [] });
    expect(chooseDefaultProvisioner('default', lookup)).toEqual({ name: 'in-memory', contenders: ['in-memory'] });
  });

  it("is the cluster's where the namespace's annotation is empty", () => {
    const lookup = lookupOf(
      provisioner('in-memory', { annotations: marked }),
      namespaceOf('billing', { 'eventing.knative.dev/default-provisioner': '' }),
    );

    expect(chooseDefaultProvisioner('billing', lookup).name).toBe('in-memory');
  });

  it('is the newest of several, then the first by name', () => {
    const lookup = lookupOf(
      provisioner('kafka', { annotations: marked }),
      provisioner('nats', { annotations: marked, creationTimestamp: '2019-02-21T08:00:00Z' }),
      provisioner('in-memory', { annotations: marked }),
    );

    expect(chooseDefaultProvisioner('default', lookup)).toEqual({
      name: 'nats',
      contenders: ['nats', 'in-memory', 'kafka'],
    });
  });

  it('is none that is being deleted, nor one whose annotation says anything but "true"', () => {
    const lookup = lookupOf(
      provisioner('kafka', { annotations: marked, deletionTimestamp: '2019-02-22T08:00:00Z' }),
      provisioner('nats', { annotations: { 'eventing.knative.dev/is-default-provisioner': 'yes' } }),
    );

    expect(chooseDefaultProvisioner('default', lookup)).toEqual({ contenders: [] });
  });
});
