import type { TSchema } from 'typebox';
import type { AdmissionFunction } from '../admission/admission.types.js';
import type { KubeObject } from '../meta/kube-object.types.js';

/** How clients address a kind: all that a Kubernetes client needs to build a URL. `T` is the TypeScript type of its objects. */
export interface ResourceKind<T extends KubeObject = KubeObject> {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Lower-case plural, the segment of the URL. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set; carries the object type through inference. */
  readonly objectType?: T;
}

/** A column that `kubectl get` prints; the same data goes into the CustomResourceDefinition and into the embedded API's tables. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** JSONPath into the object, as in a CustomResourceDefinition (`.status.conditions[?(@.type=="Ready")].status`). */
  readonly jsonPath: string;
  /** 0 = always printed; 1 = with `-o wide` only. */
  readonly priority?: number;
  readonly description?: string;
}

/** A kind that Millrace defines: everything that its type, validation, CustomResourceDefinition and `kubectl explain` derive from. */
export interface ResourceDefinition<T extends KubeObject = KubeObject> extends ResourceKind<T> {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Labels of the CustomResourceDefinition itself. */
  readonly definitionLabels: Readonly<Record<string, string>>;
  readonly printerColumns: readonly PrinterColumn[];
  /** Schema of the whole object, `apiVersion`, `kind` and `metadata` included. */
  readonly schema: TSchema;
  /** Every kind of ours has the status subresource. */
  readonly statusSubresource: true;
  /** Defaults, validation and immutability beyond the schema. */
  readonly admit: AdmissionFunction<T>;
}

/** `group/version` of a kind, or `version` for the core group. */
export function apiVersionOf(kind: Pick<ResourceKind, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
