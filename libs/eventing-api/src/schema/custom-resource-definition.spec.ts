import { describe, expect, it } from 'vitest';
import { CHANNEL } from '../channel/channel.definition.js';
import { CLUSTER_CHANNEL_PROVISIONER } from '../cluster-channel-provisioner/cluster-channel-provisioner.definition.js';
import { RESOURCE_DEFINITIONS } from '../kinds/definitions.js';
import { toCustomResourceDefinition } from './custom-resource-definition.js';

describe('the CustomResourceDefinition of a Channel', () => {
  const definition = toCustomResourceDefinition(CHANNEL);
  const schema = schemaOf(definition);

  it('has the names, scope and labels by which 2019 and today know it', () => {
    expect(definition).toMatchObject({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: 'channels.eventing.knative.dev',
        labels: { 'duck.knative.dev/addressable': 'true', 'messaging.knative.dev/subscribable': 'true' },
      },
      spec: {
        group: 'eventing.knative.dev',
        scope: 'Namespaced',
        names: {
          kind: 'Channel',
          listKind: 'ChannelList',
          plural: 'channels',
          singular: 'channel',
          shortNames: ['chan'],
          categories: ['all', 'knative', 'eventing', 'channel'],
        },
      },
    });
  });

  it('serves and stores v1alpha1 with status apart and the columns Ready and Reason', () => {
    expect((definition['spec'] as { versions: unknown[] }).versions).toEqual([
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
        ],
        schema: { openAPIV3Schema: schema },
      },
    ]);
  });

  it('says of metadata only that it is an object, and requires nothing at the root', () => {
    expect(schema.properties?.['metadata']).toEqual({ type: 'object' });
    expect(schema).not.toHaveProperty('required');
  });

  it('keeps the arguments open and the conditions a map by type', () => {
    expect(schema.properties?.['spec']?.properties?.['arguments']).toMatchObject({
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
    });
    expect(schema.properties?.['status']?.properties?.['conditions']).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: { type: 'object', required: ['type', 'status'] },
    });
  });

  it('limits what the delivery engine has limits for', () => {
    expect(schema.properties?.['spec']?.properties?.['delivery']?.properties).toMatchObject({
      retry: { type: 'integer', minimum: 0, maximum: 1000 },
      backoffPolicy: { type: 'string', enum: ['linear', 'exponential'] },
      timeout: { type: 'string', example: 'PT0.2S' },
    });
  });
});

it('makes cluster-scoped definitions, without empty lists and labels', () => {
  const definition = toCustomResourceDefinition({ ...CLUSTER_CHANNEL_PROVISIONER, shortNames: [] });

  expect(definition.metadata).toEqual({ name: 'clusterchannelprovisioners.eventing.knative.dev' });
  expect(definition).toMatchObject({ spec: { scope: 'Cluster' } });
  expect((definition['spec'] as { names: object }).names).not.toHaveProperty('shortNames');
});

describe.each(RESOURCE_DEFINITIONS.map((definition) => [definition.kind, definition] as const))(
  '%s',
  (_, definition) => {
    const nodes = nodesOf(schemaOf(toCustomResourceDefinition(definition)), '');

    it('has a structural schema: a type everywhere, and no keyword that an API server would refuse', () => {
      const allowed = new Set([
        'additionalProperties',
        'description',
        'enum',
        'example',
        'format',
        'items',
        'maximum',
        'minLength',
        'minimum',
        'properties',
        'required',
        'type',
        'x-kubernetes-list-map-keys',
        'x-kubernetes-list-type',
        'x-kubernetes-preserve-unknown-fields',
      ]);

      for (const [path, node] of nodes) {
        expect(node.type, path).toBeTypeOf('string');
        expect(
          Object.keys(node).filter((keyword) => !allowed.has(keyword)),
          path,
        ).toEqual([]);
      }
    });

    it('explains every field to kubectl explain', () => {
      const silent = nodes
        .filter(([path, node]) => node.description === undefined && !path.endsWith('[]') && !path.endsWith('{}'))
        .map(([path]) => path);

      expect(silent).toEqual(['.metadata']);
    });
  },
);

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node;
}

function schemaOf(definition: ReturnType<typeof toCustomResourceDefinition>): Node {
  const { versions } = definition['spec'] as { versions: { schema: { openAPIV3Schema: Node } }[] };
  return versions[0]!.schema.openAPIV3Schema;
}

function nodesOf(node: Node, path: string): [string, Node][] {
  return [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => nodesOf(child, `${path}.${name}`)),
    ...(node.items === undefined ? [] : nodesOf(node.items, `${path}[]`)),
    ...(node.additionalProperties === undefined ? [] : nodesOf(node.additionalProperties, `${path}{}`)),
  ];
}
