import type { KubeObject } from '@millrace/eventing-api';
import type { ServedKind } from '../registry/served-kind.types.js';

export interface FieldSelector {
  matches(object: KubeObject): boolean;
}

interface Term {
  readonly field: string;
  readonly value: string;
  readonly negated: boolean;
}

const METADATA_FIELDS = ['metadata.name', 'metadata.namespace'];

/** The text between commas that no backslash escapes. */
const PART = /(?:[^\\,]|\\.?)+/gs;

/** A term: field, operator, value, in which a backslash escapes `,`, `=` and itself. */
const TERM = /^([^=!]+)(==|!=|=)((?:[^\\=]|\\[\\,=])*)$/;

/**
 * Parses the query parameter `fieldSelector` (kubectl describe, events, wait, get -w <name>): `field=value`, `field==value`, `field!=value`, joined by commas (Kubernetes "Field Selectors"). An empty
 * text selects everything; a field that the kind does not offer is an error. An absent field counts as empty.
 */
export function parseFieldSelector(
  { selectableFields = [] }: ServedKind,
  text: string,
): FieldSelector | { readonly error: string } {
  const terms: Term[] = [];
  for (const [part] of text.matchAll(PART)) {
    const [, field = '', operator, value = ''] = TERM.exec(part) ?? [];
    if (operator === undefined) return { error: `invalid selector: '${text}'; can't understand '${part}'` };
    if (![...METADATA_FIELDS, ...selectableFields].includes(field)) {
      return { error: `field label not supported: ${field}` };
    }
    terms.push({ field, value: value.replaceAll(/\\(.)/g, '$1'), negated: operator === '!=' });
  }
  return { matches: (object) => terms.every((term) => holds(term, object)) };
}

function holds({ field, value, negated }: Term, object: KubeObject): boolean {
  return (fieldText(object, field) === value) !== negated;
}

function fieldText(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
