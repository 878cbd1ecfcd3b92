import type { CodeText } from '../codes/code-reference.js';

/** What the conditions of a kind say. Stable: people and scripts read them. `docs/reference/conditions.md` is made of it. */
export interface ConditionReference {
  readonly kinds: readonly string[];
  /** What each condition says when it is True. */
  readonly conditions: Readonly<Record<string, string>>;
  /** Why a condition is as it is, `Provisioned=False: …`, and what to do about it; nothing is to be done where only the meaning stands. */
  readonly reasons: Readonly<Record<string, string | CodeText>>;
}

/** The reasons of a kind as constants: each name is its own value. */
export function reasonNames<R extends ConditionReference['reasons']>(reasons: R): { readonly [Name in keyof R]: Name } {
  return Object.fromEntries(Object.keys(reasons).map((name) => [name, name])) as { [Name in keyof R]: Name };
}
