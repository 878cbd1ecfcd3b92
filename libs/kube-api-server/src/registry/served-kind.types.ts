import type { AdmissionFunction, KubeObject, PrinterColumn, ResourceKind } from '@millrace/eventing-api';
import type { TSchema } from 'typebox';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A kind that this API serves: all that discovery, OpenAPI, tables, REST and the garbage collector need to know of it. */
export interface ServedKind<T extends KubeObject = KubeObject> extends ResourceKind<T> {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  /** Subresources with a URL of their own; `log` is served for Pods by the log source that the host registers. */
  readonly subresources: readonly ('status' | 'scale' | 'log')[];
  readonly printerColumns: readonly PrinterColumn[];
  /** Schema of the whole object; unknown fields are pruned, warned of or refused by it. */
  readonly schema: TSchema;
  /** Custom resources refuse strategic merge patches (415); built-in kinds take them. */
  readonly custom: boolean;
  /** Field selectors beside `metadata.name` and `metadata.namespace`: label to the path of the value. */
  readonly selectableFields: Readonly<Record<string, string>>;
  /** Computed columns where a path does not do (Deployment READY `1/1`): the cells of one row, in the order of `printerColumns`. */
  readonly printRow?: (object: T, nowMs: number) => unknown[];
  /** Defaults, validation and immutability of the kind, called before the object is stored. */
  readonly admission?: AdmissionFunction<T>;
  /** Other `group/version` names under which the same objects are served (`extensions/v1beta1` Deployments, `events.k8s.io/v1` Events). */
  readonly aliases?: readonly KindAlias[];
  /** What creating fills in that a schema default cannot (a Service's clusterIP). */
  readonly prepareForCreate?: (object: T) => void;
}

/** The same stored objects under another group and version. */
export interface KindAlias {
  readonly group: string;
  readonly version: string;
  /** From the stored form to the form of the alias, and back. Absent: only `apiVersion` changes. */
  readonly fromStored?: (object: KubeObject) => KubeObject;
  readonly toStored?: (object: KubeObject) => KubeObject;
  readonly schema?: TSchema;
}
