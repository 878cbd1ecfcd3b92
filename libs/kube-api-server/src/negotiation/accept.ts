/** One alternative of an Accept header. */
export interface MediaRange {
  /** In lower case, without parameters: `application/json`. */
  readonly type: string;
  /** Parameter names in lower case; `q` is not among them. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The alternatives of an Accept header, best first (RFC 9110 section 12.5.1); alternatives of equal quality stay in their order, which is how
 * Kubernetes clients rank them. An absent header accepts anything.
 */
export function mediaRanges(accept: string | undefined): readonly MediaRange[] {
  return (accept || '*/*')
    .split(',')
    .map((text) => {
      const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
      const { q = '1', ...rest } = Object.fromEntries(parameters.map(parseParameter));
      return { quality: Number(q), range: { type: type.toLowerCase(), parameters: rest } };
    })
    .filter(({ quality, range }) => range.type !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ range }) => range);
}

function parseParameter(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.toLowerCase(), value.join('=').replace(/^"(.*)"$/, '$1')];
}

/** True if JSON satisfies the range. */
export function acceptsJson({ type }: MediaRange): boolean {
  return type === 'application/json' || type === 'application/*' || type === '*/*';
}

/** A form in which Kubernetes clients may ask for JSON: `application/json;as=<name>;g=<group>;v=<version>`. */
export interface JsonForm<V extends string> {
  readonly name: string;
  readonly group: string;
  readonly versions: readonly V[];
}

/**
 * The version of the form that the client prefers to plain JSON; undefined where it wants plain JSON, or does not know the form. Parameters that we do not
 * know are none of our business.
 */
export function preferredVersion<V extends string>(accept: string | undefined, form: JsonForm<V>): V | undefined {
  for (const { parameters } of mediaRanges(accept).filter(acceptsJson)) {
    const { as, g, v } = parameters;
    if (as === undefined) return undefined;
    const version = form.versions.find((version) => version === v);
    if (as === form.name && g === form.group && version !== undefined) return version;
  }
  return undefined;
}
