import type { ObjectMeta } from '../meta/object-meta.schema.js';
import type { FieldFault } from './admission.types.js';
import { invalid } from './faults.js';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_LABEL_PREFIX = /^[a-z0-9][-a-z0-9]*$/;

const RULE =
  'at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, without dots (RFC 1123 label)';

/**
 * The fault of a name that is no DNS label, for kinds whose name becomes part of a host name or a label value; most kinds may have dots. Of an object that
 * the server is still to name, the prefix is looked at (the server cuts it to fit).
 */
export function dnsLabelFaults(metadata: ObjectMeta, why: string): FieldFault[] {
  const { name, generateName } = metadata;
  if (name !== undefined && name !== '') {
    return DNS_LABEL.test(name) ? [] : [invalid('metadata.name', name, `must be ${RULE}, because ${why}`)];
  }
  if (generateName !== undefined && !DNS_LABEL_PREFIX.test(generateName)) {
    return [invalid('metadata.generateName', generateName, `must begin a name of ${RULE}, because ${why}`)];
  }
  return [];
}
