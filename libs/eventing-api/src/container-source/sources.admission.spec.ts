import { describe, expect, it } from 'vitest';
import { lookupOf, sentences } from '../../test/lookup-of.js';
import { admitKubernetesEventSource } from '../kubernetes-event-source/kubernetes-event-source.admission.js';
import type {
  KubernetesEventSource,
  KubernetesEventSourceSpec,
} from '../kubernetes-event-source/kubernetes-event-source.schema.js';
import { admitContainerSource } from './container-source.admission.js';
import type { ContainerSource, ContainerSourceSpec } from './container-source.schema.js';

const sink = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'testchannel' };
const apiVersion = 'sources.eventing.knative.dev/v1alpha1';
const metadata = { name: 'testevents', namespace: 'default' };

const events = (spec: KubernetesEventSourceSpec): KubernetesEventSource => ({
  apiVersion,
  kind: 'KubernetesEventSource',
  metadata,
  spec,
});
const container = (spec: ContainerSourceSpec): ContainerSource => ({
  apiVersion,
  kind: 'ContainerSource',
  metadata,
  spec,
});

describe('a KubernetesEventSource', () => {
  it('watches its own namespace where it names none', () => {
    const outcome = admitKubernetesEventSource(events({ sink }), undefined, lookupOf());

    expect(outcome).toEqual({ object: events({ sink, namespace: 'default' }), faults: [], warnings: [] });
  });

  it('may watch another namespace', () => {
    const outcome = admitKubernetesEventSource(events({ sink, namespace: 'shop' }), undefined, lookupOf());

    expect(outcome.object.spec?.namespace).toBe('shop');
  });

  it('is refused with a sink that names nothing', () => {
    expect(sentences(admitKubernetesEventSource(events({ sink: {} }), undefined, lookupOf()))).toEqual([
      'spec.sink.apiVersion: Required value: API version of the object, as in "eventing.knative.dev/v1alpha1"',
      'spec.sink.kind: Required value: kind of the object, as in "Channel"',
      'spec.sink.name: Required value: name of the object',
    ]);
  });

  it('is refused with a sink elsewhere', () => {
    const outcome = admitKubernetesEventSource(events({ sink: { ...sink, namespace: 'shop' } }), undefined, lookupOf());

    expect(sentences(outcome)).toEqual([expect.stringContaining('spec.sink.namespace: Forbidden')]);
  });

  it('without a sink is admitted with a warning: its condition says Missing, as in 2019', () => {
    const outcome = admitKubernetesEventSource(events({}), undefined, lookupOf());

    expect(outcome.faults).toEqual([]);
    expect(outcome.warnings).toEqual([expect.stringContaining('spec.sink is missing')]);
  });
});

describe('a ContainerSource', () => {
  it.each<[string, ContainerSourceSpec, { faults: string[]; warnings: number }]>([
    ['an image and a sink', { image: 'heartbeats', sink }, { faults: [], warnings: 0 }],
    ['a sink among its arguments', { image: 'heartbeats', args: ['--sink=http://a/'] }, { faults: [], warnings: 0 }],
    ['no sink', { image: 'heartbeats' }, { faults: [], warnings: 1 }],
    [
      'no image',
      { sink },
      { faults: ['spec.image: Required value: image of the container that emits events'], warnings: 0 },
    ],
  ])('with %s', (_, spec, expected) => {
    const outcome = admitContainerSource(container(spec), undefined, lookupOf());

    expect(sentences(outcome)).toEqual(expected.faults);
    expect(outcome.warnings).toHaveLength(expected.warnings);
  });
});
