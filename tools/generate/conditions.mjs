// docs/reference/conditions.md: what the conditions in `status.conditions` say, and why.
import { CONDITION_REFERENCES } from '@millrace/eventing-api';
import { code, page, table } from './markdown.mjs';

export function generate() {
  const about =
    'What stands in `status.conditions` of our kinds. Types and reasons are stable; messages are for people and may change. ' +
    'Where nothing is to be done, it passes by itself.';
  const blocks = CONDITION_REFERENCES.flatMap(({ kinds, conditions, reasons }) => [
    `## ${kinds.join(', ')}`,
    table(['condition', 'True means'], conditionRows(conditions)),
    table(['reason', 'meaning', 'what to do'], reasonRows(reasons)),
  ]);
  return { 'docs/reference/conditions.md': page('Conditions', about, blocks) };
}

function conditionRows(conditions) {
  return Object.entries(conditions).map(([name, meaning]) => [code(name), meaning]);
}

function reasonRows(reasons) {
  return Object.entries(reasons).map(([name, reason]) => {
    const { meaning, action } = typeof reason === 'string' ? { meaning: reason, action: '' } : reason;
    return [code(name), meaning, action];
  });
}
