/** Names of the attributes that are read. */
interface AttributeNames {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
}

/** What differs from version to version of the CloudEvents specification, as far as it is read here. */
export interface SpecVersion {
  readonly version: string;
  /** As a structured document spells them. */
  readonly names: AttributeNames;
  /** As headers of binary mode, in lower case. */
  readonly headers: AttributeNames;
  /** Media type of the data in a structured document; in binary mode it is the header `content-type`. */
  readonly dataContentType: string;
  /** Schema that the data adheres to, in a structured document; as a header it is the same in lower case. */
  readonly dataSchema: string;
  /** Attribute names are lower-case letters and digits only; before 0.3 a header may be `ce-<map>-<key>`. */
  readonly strictNames: boolean;
  /** Attribute values are strings, numbers or booleans only. */
  readonly scalarValues: boolean;
}

const CURRENT = {
  names: { id: 'id', source: 'source', type: 'type', time: 'time' },
  headers: { id: 'ce-id', source: 'ce-source', type: 'ce-type', time: 'ce-time' },
} as const;

/** By the value of `cloudEventsVersion` (CloudEvents 0.1: what the sources of early 2019 sent). */
const BY_CLOUD_EVENTS_VERSION: Readonly<Record<string, SpecVersion>> = {
  '0.1': {
    version: '0.1',
    names: { id: 'eventID', source: 'source', type: 'eventType', time: 'eventTime' },
    headers: { id: 'ce-eventid', source: 'ce-source', type: 'ce-eventtype', time: 'ce-eventtime' },
    dataContentType: 'contentType',
    dataSchema: 'schemaURL',
    strictNames: false,
    scalarValues: false,
  },
};

/** By the value of `specversion`. */
const BY_SPECVERSION: Readonly<Record<string, SpecVersion>> = {
  '1.0': {
    version: '1.0',
    ...CURRENT,
    dataContentType: 'datacontenttype',
    dataSchema: 'dataschema',
    strictNames: true,
    scalarValues: true,
  },
  '0.3': {
    version: '0.3',
    ...CURRENT,
    dataContentType: 'datacontenttype',
    dataSchema: 'schemaurl',
    strictNames: true,
    scalarValues: false,
  },
  '0.2': {
    version: '0.2',
    ...CURRENT,
    dataContentType: 'contenttype',
    dataSchema: 'schemaurl',
    strictNames: false,
    scalarValues: false,
  },
};

/** Every version that is understood. */
export const SPEC_VERSIONS: readonly SpecVersion[] = [
  ...Object.values(BY_CLOUD_EVENTS_VERSION),
  ...Object.values(BY_SPECVERSION),
];

/** Which version an event says it has, or the attribute that says something else. */
export type SpecVersionLookup =
  | { readonly outcome: 'known'; readonly spec: SpecVersion }
  | { readonly outcome: 'unknown'; readonly attribute: 'specversion' | 'cloudEventsVersion'; readonly value: string }
  | { readonly outcome: 'absent' };

/** @param specversion value of that attribute, if any; @param cloudEventsVersion value of its name in CloudEvents 0.1, if any */
export function lookUpSpecVersion(
  specversion: string | undefined,
  cloudEventsVersion: string | undefined,
): SpecVersionLookup {
  if (specversion !== undefined) {
    const spec = Object.hasOwn(BY_SPECVERSION, specversion) ? BY_SPECVERSION[specversion] : undefined;
    return spec ? { outcome: 'known', spec } : { outcome: 'unknown', attribute: 'specversion', value: specversion };
  }
  if (cloudEventsVersion !== undefined) {
    const spec = Object.hasOwn(BY_CLOUD_EVENTS_VERSION, cloudEventsVersion)
      ? BY_CLOUD_EVENTS_VERSION[cloudEventsVersion]
      : undefined;
    return spec
      ? { outcome: 'known', spec }
      : { outcome: 'unknown', attribute: 'cloudEventsVersion', value: cloudEventsVersion };
  }
  return { outcome: 'absent' };
}
