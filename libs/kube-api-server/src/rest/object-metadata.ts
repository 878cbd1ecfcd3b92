import { randomInt } from 'node:crypto';
import { invalid, type FieldFault, type ObjectMeta } from '@millrace/eventing-api';
import type { ServedKind } from '../registry/served-kind.types.js';

/** A time as Kubernetes writes `metav1.Time`: RFC 3339 with second precision. */
export function rfc3339(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/** Alphabet of generated names, without vowels and look-alikes (apimachinery `rand.String`). */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_GENERATED_LENGTH = 63;

/** A name with five random characters behind `prefix`. */
export function generateName(prefix: string): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_ALPHABET.charAt(randomInt(SUFFIX_ALPHABET.length)));
  return prefix.slice(0, MAX_GENERATED_LENGTH - SUFFIX_LENGTH) + suffix.join('');
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const QUALIFIED_RULE =
  "at most 63 alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Faults of names, labels, annotations and finalizers (Kubernetes "Object Names and IDs", "Labels and Selectors"): what a cluster refuses is refused here too. */
export function metadataFaults(kind: ServedKind, metadata: ObjectMeta): FieldFault[] {
  const { name = '', labels = {}, annotations = {}, finalizers = [] } = metadata;
  const complaints = [
    ['metadata.name', name, nameComplaint(kind, name)],
    ...Object.keys(labels).map((key) => ['metadata.labels', key, qualifiedNameComplaint(key)] as const),
    ...Object.values(labels).map((value) => ['metadata.labels', value, labelValueComplaint(value)] as const),
    ...Object.keys(annotations).map((key) => ['metadata.annotations', key, annotationComplaint(key)] as const),
    ...finalizers.map((finalizer) => ['metadata.finalizers', finalizer, qualifiedNameComplaint(finalizer)] as const),
  ] as const;
  return complaints.flatMap(([field, value, complaint]) => (complaint ? [invalid(field, value, complaint)] : []));
}

function nameComplaint({ group, kind }: ServedKind, name: string): string | undefined {
  if (group === 'rbac.authorization.k8s.io') return pathSegmentComplaint(name);
  if (group === '' && kind === 'Service') return labelComplaint(name, DNS_1035_LABEL, 'a DNS-1035 label');
  if (group === '' && kind === 'Namespace') return labelComplaint(name, LABEL, 'a lowercase RFC 1123 label');
  return subdomainComplaint(name);
}

function labelComplaint(name: string, pattern: RegExp, rule: string): string | undefined {
  if (name.length > 63) return 'must be no more than 63 characters';
  return pattern.test(name) ? undefined : `${rule} must match '${pattern.source.slice(1, -1)}'`;
}

function subdomainComplaint(name: string): string | undefined {
  if (name.length > 253) return 'must be no more than 253 characters';
  if (name.split('.').every((label) => LABEL.test(label))) return undefined;
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com')";
}

function pathSegmentComplaint(name: string): string | undefined {
  const isSegment = name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name);
  return isSegment ? undefined : "must not be empty, '.' or '..' and must not contain '/' or '%'";
}

function labelValueComplaint(value: string): string | undefined {
  if (value === '' || (value.length <= 63 && QUALIFIED_PART.test(value))) return undefined;
  return `a valid label must be empty or have ${QUALIFIED_RULE}`;
}

/** Annotation keys may be of any case, prefix included. */
function annotationComplaint(key: string): string | undefined {
  return qualifiedNameComplaint(key.toLowerCase());
}

function qualifiedNameComplaint(key: string): string | undefined {
  const [name = '', prefix, ...surplus] = key.split('/').reverse();
  const isNameGood = name.length <= 63 && QUALIFIED_PART.test(name);
  const isPrefixGood = prefix === undefined || subdomainComplaint(prefix) === undefined;
  if (isNameGood && isPrefixGood && surplus.length === 0) return undefined;
  return `name part must have ${QUALIFIED_RULE}, with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
}
