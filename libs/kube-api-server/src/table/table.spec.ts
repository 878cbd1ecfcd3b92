import type { KubeObject, PrinterColumn } from '@millrace/eventing-api';
import { CHANNEL } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import type { ServedKind } from '../registry/served-kind.types.js';
import { prefersTable, toTable, type TableOptions } from './table.js';

const CREATED = '2019-02-20T08:00:00Z';
const NOW_MS = Date.parse(CREATED) + 192_000;
const registry = new KindRegistry(servedKinds([CHANNEL]));
const CHANNEL_KIND = registry.byKind('eventing.knative.dev/v1alpha1', 'Channel')!.kind;
const EVENT_KIND = registry.byKind('v1', 'Event')!.kind;

interface Table {
  columnDefinitions: { name: string }[];
  rows: { cells: unknown[]; object?: unknown }[];
}

const channel = (more: object = {}): KubeObject => ({
  apiVersion: 'eventing.knative.dev/v1alpha1',
  kind: 'Channel',
  metadata: { name: 'orders', namespace: 'default', creationTimestamp: CREATED, labels: { team: 'a' } },
  ...more,
});

const withColumn = (column: Omit<PrinterColumn, 'name'>): ServedKind => ({
  ...CHANNEL_KIND,
  printerColumns: [{ name: 'X', ...column }],
});

function table(kind: ServedKind, object: KubeObject, options: Partial<TableOptions> = {}) {
  const complete = { withColumns: true, includeObject: 'Metadata', ...options } as const;
  return toTable(kind, [object], { resourceVersion: '7' }, complete, NOW_MS) as Table;
}

const cell = (column: Omit<PrinterColumn, 'name'>, object: KubeObject) =>
  table(withColumn(column), object).rows[0]!.cells[1];

describe('A Table', () => {
  it('holds the columns of the kind after the name, and metadata in its rows', () => {
    const conditions = [
      { type: 'Addressable', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'NotServed' },
    ];
    expect(table(CHANNEL_KIND, channel({ status: { conditions } }))).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
        { name: 'Ready', type: 'string', format: '', description: expect.any(String), priority: 0 },
        { name: 'Reason', type: 'string', format: '', description: expect.any(String), priority: 0 },
      ],
      rows: [
        {
          cells: ['orders', 'False', 'NotServed'],
          object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: channel().metadata },
        },
      ],
    });
  });

  it('leaves the cell of a missing value empty', () => {
    expect(table(CHANNEL_KIND, channel()).rows[0]!.cells).toEqual(['orders', null, null]);
  });

  it('carries whole objects, or none, where the client asks for that', () => {
    const whole = table(CHANNEL_KIND, channel(), { includeObject: 'Object' });
    expect(whole.rows[0]!.object).toEqual(channel());
    const none = table(CHANNEL_KIND, channel(), { includeObject: 'None' });
    expect(none.rows[0]).not.toHaveProperty('object');
  });

  it('leaves the columns out where the client has them already', () => {
    expect(table(CHANNEL_KIND, channel(), { withColumns: false }).columnDefinitions).toEqual([]);
  });

  it('shows the age of a kind that has no columns of its own', () => {
    const { columnDefinitions, rows } = table({ ...CHANNEL_KIND, printerColumns: [] }, channel());
    expect(columnDefinitions.map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(rows[0]!.cells).toEqual(['orders', '3m12s']);
  });

  it('does not put the name first for a kind that places it itself', () => {
    const event = { ...channel(), kind: 'Event', involvedObject: { kind: 'Channel', name: 'orders' } };
    const names = table(EVENT_KIND, event).columnDefinitions.map(({ name }) => name);
    expect(names[0]).toBe('Last Seen');
    expect(names.filter((name) => name === 'Name')).toHaveLength(1);
  });
});

describe('A printer column', () => {
  const object = channel({
    spec: {
      retry: 3.7,
      paused: true,
      since: CREATED,
      hosts: ['a', 'b'],
      routes: [{ host: 'x' }, { host: 'y' }],
    },
  });

  it.each([
    ['string', '.spec.routes[1].host', 'y'],
    ['string', '.spec.routes[*].host', 'x'],
    ['string', '.spec.hosts', '["a","b"]'],
    ['string', '.spec.retry', '3.7'],
    ['string', '.spec.nothing.here', null],
    ['string', ".metadata.labels['team']", 'a'],
    ['integer', '.spec.retry', 3],
    ['integer', '.spec.hosts', null],
    ['boolean', '.spec.paused', true],
    ['boolean', '.spec.since', null],
    ['date', '.spec.since', '3m12s'],
    ['date', '.spec.retry', null],
  ] as const)('of type %s with the path %s shows %j', (type, jsonPath, shown) => {
    expect(cell({ type, jsonPath }, object)).toBe(shown);
  });
});

describe('A client gets a Table', () => {
  const V1 = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const V1BETA1 = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io';

  it.each([
    ['as kubectl asks', `${V1},${V1BETA1},application/json`, true],
    ['whatever the order of parameters', 'application/json; g=meta.k8s.io; profile=x; v=v1; as=Table', true],
    ['not if it prefers plain objects', `application/json,${V1}`, false],
    ['not if it says so by quality', `${V1};q=0.1,application/json;q=0.9`, false],
    ['not in a version that does not exist', 'application/json;as=Table;v=v9;g=meta.k8s.io,application/json', false],
    ['not without asking', undefined, false],
    ['not where it wants protobuf or plain JSON', 'application/vnd.kubernetes.protobuf,application/json', false],
  ])('%s', (_case, accept, expected) => {
    expect(prefersTable(accept)).toBe(expected);
  });
});
