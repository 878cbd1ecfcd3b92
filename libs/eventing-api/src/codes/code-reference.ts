/** What a code says to whoever meets it. */
export interface CodeText {
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
}

/** The codes of one kind: a closed set, stable, for programs to go by. `docs/reference/errors.md` is made of these. */
export interface CodeReference {
  readonly title: string;
  /** Where the codes are met. */
  readonly about: string;
  readonly codes: Readonly<Record<string, CodeText>>;
}
