export interface LabelSelector {
  matches(labels: Readonly<Record<string, string>> | undefined): boolean;
}

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const KEY = String.raw`(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?`;
const VALUES = String.raw`\s*${VALUE}\s*(?:,\s*${VALUE}\s*)*`;
const REQUIREMENT = new RegExp(
  String.raw`^\s*(?:!\s*(?<absent>${KEY})|(?<key>${KEY})(?:\s*(?<operator>==?|!=)\s*(?<value>${VALUE})|\s+(?<set>in|notin)\s*\((?<values>${VALUES})\))?)\s*$`,
);

/** A comma that is not between parentheses. */
const SEPARATOR = /,(?![^(]*\))/;

/**
 * Parses the query parameter `labelSelector` (kubectl get -l, caches of controllers): requirements `key`, `!key`, `key=value`, `key==value`, `key!=value`,
 * `key in (a,b)`, `key notin (a,b)`, joined by commas (Kubernetes "Labels and Selectors"). An empty text selects everything.
 */
export function parseLabelSelector(text: string): LabelSelector | { readonly error: string } {
  if (text.trim() === '') return { matches: () => true };
  const requirements: Requirement[] = [];
  for (const part of text.split(SEPARATOR)) {
    const requirement = parseRequirement(part);
    if (requirement === undefined) return { error: `unable to parse requirement: '${part.trim()}'` };
    requirements.push(requirement);
  }
  return { matches: (labels = {}) => requirements.every((holds) => holds(labels)) };
}

function parseRequirement(text: string): Requirement | undefined {
  const groups = REQUIREMENT.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { absent, key = '', operator, value = '', set, values = '' } = groups;
  if (absent !== undefined) return (labels) => !Object.hasOwn(labels, absent);
  if (operator === undefined && set === undefined) return (labels) => Object.hasOwn(labels, key);
  const wanted = set === undefined ? [value] : values.split(',').map((each) => each.trim());
  const negated = operator === '!=' || set === 'notin';
  return (labels) => (Object.hasOwn(labels, key) && wanted.includes(labels[key] ?? '')) !== negated;
}
