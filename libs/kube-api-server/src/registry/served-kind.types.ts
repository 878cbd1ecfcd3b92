import type { AdmissionFunction, KubeObject, PrinterColumn, ResourceKind } from '@millrace/eventing-api';
import type { TSchema } from 'typebox';

export type Verb = 'create' | 'delete' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A kind that this API serves: all that discovery, OpenAPI, tables, REST and the garbage collector need to know of it. */
export interface ServedKind<T extends KubeObject = KubeObject> extends ResourceKind<T> {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  readonly subresources: readonly ('status' | 'scale' | 'log')[];
  /** What `kubectl get` prints after the name; a kind whose own columns hold `Name` places the name itself (Events). */
  readonly printerColumns: readonly TableColumn<T>[];
  /** Schema of the whole object; unknown fields are pruned, warned of or refused by it. */
  readonly schema: TSchema;
  /** Custom resources refuse strategic merge patches (415); built-in kinds take them. */
  readonly custom: boolean;
  /** Whether `metadata.generation` counts the changes of the desired state, as it does for this kind in Kubernetes. */
  readonly hasGeneration: boolean;
  /** Paths that field selectors may name beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields?: readonly string[];
  /** Defaults, validation and immutability of the kind, called before the object is stored. */
  readonly admission?: AdmissionFunction<T>;
  /** Other `group/version` names under which the same objects are served (`extensions/v1beta1` Deployments, `events.k8s.io/v1` Events). */
  readonly aliases?: readonly KindAlias[];
}

/** A column whose cells no path can give (Deployment READY `1/1`). */
export interface ComputedColumn<T extends KubeObject = KubeObject> extends Pick<PrinterColumn, 'name' | 'priority'> {
  cell(object: T, nowMs: number): string | number | undefined;
}

export type TableColumn<T extends KubeObject = KubeObject> = PrinterColumn | ComputedColumn<T>;

/** The same stored objects under another group and version. */
export interface KindAlias {
  readonly group: string;
  readonly version: string;
  /** From the stored form to the form of the alias; absent: only `apiVersion` changes. */
  readonly fromStored?: (object: KubeObject) => KubeObject;
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly schema: TSchema;
}
