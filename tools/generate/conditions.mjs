// docs/reference/conditions.md: what the conditions in `status.conditions` say, and why.
import { CONDITION_REFERENCES } from '@millrace/eventing-api';
import { code, page, table } from './markdown.mjs';

export function generate() {
  const about =
    'What stands in `status.conditions` of our kinds. Types and reasons are stable; messages are for people and may change.';
  const blocks = CONDITION_REFERENCES.flatMap(({ kinds, conditions, reasons }) => [
    `## ${kinds.join(', ')}`,
    table(['condition', 'True means'], rows(conditions)),
    table(['reason', 'meaning'], rows(reasons)),
  ]);
  return { 'docs/reference/conditions.md': page('Conditions', about, blocks) };
}

function rows(meanings) {
  return Object.entries(meanings).map(([name, meaning]) => [code(name), meaning]);
}
