// docs/reference/errors.md: every code that somebody may meet, what it means and what to do.
import {
  ATTEMPT_RESULT_REFERENCE,
  DEAD_LETTER_OUTCOME_REFERENCE,
  DROP_REASON_REFERENCE,
  INTAKE_STATUS_REFERENCE,
} from '@millrace/delivery';
import { PUBLISH_REFUSAL_REFERENCE, STORE_DROP_REASON_REFERENCE } from '@millrace/eventing-api';
import { STATUS_REASON_REFERENCE } from '@millrace/kube-api-server';
import { SOURCE_DROP_REASON_REFERENCE } from '@millrace/sources-sink';
import { code, page, table } from './markdown.mjs';

/** In the order in which an event comes by. */
const REFERENCES = [
  SOURCE_DROP_REASON_REFERENCE,
  INTAKE_STATUS_REFERENCE,
  PUBLISH_REFUSAL_REFERENCE,
  ATTEMPT_RESULT_REFERENCE,
  DROP_REASON_REFERENCE,
  DEAD_LETTER_OUTCOME_REFERENCE,
  STORE_DROP_REASON_REFERENCE,
  STATUS_REASON_REFERENCE,
];

export function generate() {
  const about =
    'What Millrace answers, counts and logs when something is not as it should be. Codes are stable; texts are for people and may change. ' +
    'What objects say of themselves is in [Conditions](conditions.md), what can be measured in [Metrics](metrics.md).';
  const blocks = REFERENCES.flatMap(({ title, about, codes }) => [`## ${title}`, about, table(COLUMNS, rows(codes))]);
  return { 'docs/reference/errors.md': page('Errors', about, blocks) };
}

const COLUMNS = ['code', 'meaning', 'what to do'];

function rows(codes) {
  return Object.entries(codes).map(([name, { meaning, action }]) => [code(name), meaning, action]);
}
