import { apiVersionOf } from '@millrace/eventing-api';
import type { TSchema } from 'typebox';
import type { KindAlias, ServedKind } from './served-kind.types.js';

/** A kind as one request addresses it: under its own `group/version`, or under that of an alias. */
export interface ResolvedKind {
  readonly kind: ServedKind;
  readonly group: string;
  readonly version: string;
  /** `group/version`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly schema: TSchema;
  readonly alias?: KindAlias;
}

/** The kinds of one `group/version`. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  /** `/api/v1`, `/apis/<group>/<version>`. */
  readonly path: string;
  readonly kinds: readonly ResolvedKind[];
}

/** All kinds that this API serves, found by URL or by `apiVersion` and `kind`. */
export class KindRegistry {
  readonly kinds: readonly ServedKind[];
  /** In the order of the kinds, which is how clients find them. */
  readonly versions: readonly ServedVersion[];
  readonly #byUrl: ReadonlyMap<string, ResolvedKind>;
  readonly #byKind: ReadonlyMap<string, ResolvedKind>;

  constructor(kinds: readonly ServedKind[]) {
    const resolved = kinds.flatMap(resolutionsOf);
    this.kinds = kinds;
    this.versions = [...Map.groupBy(resolved, ({ apiVersion }) => apiVersion).values()].map(servedVersion);
    this.#byUrl = new Map(resolved.map((each) => [`${each.apiVersion} ${each.kind.plural}`, each]));
    this.#byKind = new Map(resolved.map((each) => [`${each.apiVersion} ${each.kind.kind}`, each]));
  }

  /** The kind behind `/apis/<group>/<version>/<plural>`; an empty group stands for `/api/<version>`. */
  resolve(group: string, version: string, plural: string): ResolvedKind | undefined {
    return this.#byUrl.get(`${apiVersionOf({ group, version })} ${plural}`);
  }

  byKind(apiVersion: string, kind: string): ResolvedKind | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }
}

function resolutionsOf(kind: ServedKind): ResolvedKind[] {
  const { group, version, schema, aliases = [] } = kind;
  return [
    { kind, group, version, apiVersion: apiVersionOf(kind), schema },
    ...aliases.map((alias) => {
      const { group, version, schema } = alias;
      return { kind, group, version, apiVersion: apiVersionOf(alias), schema, alias };
    }),
  ];
}

function servedVersion(kinds: ResolvedKind[]): ServedVersion {
  const { group = '', version = '', apiVersion = '' } = kinds[0] ?? {};
  return { group, version, apiVersion, path: group === '' ? `/api/${version}` : `/apis/${apiVersion}`, kinds };
}
