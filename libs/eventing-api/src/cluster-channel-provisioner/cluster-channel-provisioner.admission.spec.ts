import { describe, expect, it } from 'vitest';
import { lookupOf, sentences } from '../../test/lookup-of.js';
import { admitClusterChannelProvisioner } from './cluster-channel-provisioner.admission.js';
import { routingOf } from './cluster-channel-provisioner.defaults.js';
import type { ClusterChannelProvisioner, ClusterChannelProvisionerSpec } from './cluster-channel-provisioner.schema.js';

function provisioner(spec?: ClusterChannelProvisionerSpec, metadata = {}): ClusterChannelProvisioner {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'ClusterChannelProvisioner',
    metadata: { name: 'kafka', ...metadata },
    ...(spec === undefined ? {} : { spec }),
  };
}

const marked = (value: string) => ({ annotations: { 'eventing.knative.dev/is-default-provisioner': value } });

describe('a ClusterChannelProvisioner', () => {
  it('needs nothing but a name, as in 2019', () => {
    expect(admitClusterChannelProvisioner(provisioner(), undefined, lookupOf())).toEqual({
      object: provisioner(),
      faults: [],
      warnings: [],
    });
    expect(routingOf(provisioner())).toBe('Ingress');
  });

  it('needs a name that can be a label value', () => {
    expect(
      sentences(admitClusterChannelProvisioner(provisioner({}, { name: 'eu.kafka' }), undefined, lookupOf())),
    ).toEqual([expect.stringContaining('metadata.name: Invalid value: "eu.kafka"')]);
  });

  it.each<[string, ClusterChannelProvisionerSpec | undefined, ClusterChannelProvisionerSpec | undefined, string[]]>([
    ['its parameters', { parameters: { brokers: 'a' } }, { parameters: { brokers: 'b' } }, []],
    ['its routing to the default that it had', undefined, { routing: 'Ingress' }, []],
    ['its routing', undefined, { routing: 'Direct' }, ['spec.routing: Forbidden: field is immutable']],
    ['its driver', { driver: 'kafka' }, { driver: 'nats' }, ['spec.driver: Forbidden: field is immutable']],
  ])('may or may not change %s', (_, before, after, expected) => {
    const outcome = admitClusterChannelProvisioner(provisioner(after), provisioner(before), lookupOf());

    expect(sentences(outcome)).toEqual(expected.map((text): unknown => expect.stringContaining(text)));
  });

  it('warns where it becomes the second default', () => {
    const lookup = lookupOf(
      provisioner({}, { name: 'in-memory', ...marked('true') }),
      provisioner({}, marked('false')),
    );

    expect(admitClusterChannelProvisioner(provisioner({}, marked('true')), undefined, lookup).warnings).toEqual([
      'Also marked as default: in-memory. Channels that name no provisioner get the newest of them.',
    ]);
    expect(admitClusterChannelProvisioner(provisioner({}, marked('false')), undefined, lookup).warnings).toEqual([]);
  });
});
