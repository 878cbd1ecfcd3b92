import type { IntakeRejection } from './channel-intake.types.js';
import type { IntakeStatus } from './intake-statuses.js';

const STATUS_BY_CODE: Readonly<Record<IntakeRejection, IntakeStatus>> = {
  invalid: 400,
  'not-found': 404,
  'too-large': 413,
  full: 429,
  // As in 2019: a producer that waits for its subscribers learns of their failure.
  'not-delivered': 500,
  unavailable: 503,
  forbidden: 503,
  timeout: 503,
};

/** The one place that maps why a request was not taken to its HTTP status. */
export function intakeStatus(code: IntakeRejection): IntakeStatus {
  return STATUS_BY_CODE[code];
}
