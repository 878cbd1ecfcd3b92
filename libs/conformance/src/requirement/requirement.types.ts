import type { ConformanceSubject } from '../subject/conformance-subject.js';
import type { CapabilityNeed } from './needs.js';
import type { Profile } from './profiles.js';

/** A part of the harness without which a requirement cannot be tried. */
export type HarnessHook = 'restartStore' | 'killStore' | 'provider';

/** One sentence that a driver must make true, and how to see whether it does. */
export interface Requirement {
  /** `<area>/<what>`: names the requirement for good. */
  readonly id: string;
  /** A sentence with MUST, SHOULD or MAY (RFC 2119). */
  readonly title: string;
  /** Where the sentence comes from, for the public. */
  readonly source: string;
  readonly profile: Profile;
  /** What the driver must declare for this to apply, beside what its profile needs. */
  readonly needs?: CapabilityNeed | undefined;
  /** What the harness must be able to do. */
  readonly hook?: HarnessHook | undefined;
  /** Rejects when the driver breaks the requirement, with a message that says how. */
  check(subject: ConformanceSubject): Promise<void>;
}

/** What became of a requirement. */
export type Outcome =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly message: string; readonly cause: unknown }
  /** The driver does not claim to be able to. */
  | { readonly outcome: 'skipped'; readonly capability: string }
  /** Nobody knows: the store or a hook of the harness is missing. */
  | { readonly outcome: 'not run'; readonly reason: string };
