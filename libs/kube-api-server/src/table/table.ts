import type { KubeObject } from '@millrace/eventing-api';
import { preferredVersion, type JsonForm } from '../negotiation/accept.js';
import { AGE_COLUMN } from '../registry/built-in-kind.js';
import type { ServedKind, TableColumn } from '../registry/served-kind.types.js';
import { formatAge } from './age.js';
import { findValues } from './json-path.js';

export interface TableOptions {
  /** Query parameter `includeObject`: what the rows carry beside their cells. */
  readonly includeObject: 'Metadata' | 'Object' | 'None';
  /** False for all but the first event of a watch. */
  readonly withColumns: boolean;
}

const TABLE: JsonForm<'v1'> = { name: 'Table', group: 'meta.k8s.io', versions: ['v1'] };

type Cell = string | number | boolean | null;

const NAME_COLUMN = { name: 'Name', type: 'string', jsonPath: '.metadata.name' } as const satisfies TableColumn;

/** Whether an Accept header prefers a Table to plain objects (Kubernetes API concepts, "Receiving resources as Tables"): kubectl get. */
export function prefersTable(accept: string | undefined): boolean {
  return preferredVersion(accept, TABLE) !== undefined;
}

/** Objects as `kubectl get` prints them. `metadata` is that of the list, or of the object where one alone is asked for. */
export function toTable(
  kind: ServedKind,
  objects: readonly KubeObject[],
  metadata: object,
  { includeObject, withColumns }: TableOptions,
  nowMs: number,
): object {
  const columns = columnsOf(kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columns.map(columnDefinition) : [],
    rows: objects.map((object) => ({
      cells: columns.map((column) => cellOf(column, object, nowMs)),
      ...rowObject(object, includeObject),
    })),
  };
}

function columnsOf({ printerColumns }: ServedKind): readonly TableColumn[] {
  if (printerColumns.some(({ name }) => name === NAME_COLUMN.name)) return printerColumns;
  return [NAME_COLUMN, ...(printerColumns.length > 0 ? printerColumns : [AGE_COLUMN])];
}

function columnDefinition(column: TableColumn) {
  const { name, priority = 0 } = column;
  const { type, description = '' } = 'cell' in column ? { type: 'string' } : column;
  return { name, type, format: name === NAME_COLUMN.name ? 'name' : '', description, priority };
}

function rowObject(object: KubeObject, include: TableOptions['includeObject']): { object?: object } {
  if (include === 'None') return {};
  if (include === 'Object') return { object };
  return { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata } };
}

function cellOf(column: TableColumn, object: KubeObject, nowMs: number): Cell {
  if ('cell' in column) return column.cell(object, nowMs) ?? null;
  const [value] = findValues(column.jsonPath, object);
  if (value === undefined || value === null) return null;
  switch (column.type) {
    case 'date':
      return typeof value === 'string' ? formatAge(value, nowMs) : null;
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
