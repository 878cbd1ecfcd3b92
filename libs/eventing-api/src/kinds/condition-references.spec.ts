import { describe, expect, it } from 'vitest';
import { channelConditions } from '../channel/channel.conditions.js';
import { containerSourceConditions } from '../container-source/container-source.conditions.js';
import { subscriptionConditions } from '../subscription/subscription.conditions.js';
import { CONDITION_REFERENCES } from './condition-references.js';
import { RESOURCE_DEFINITIONS } from './definitions.js';

it('describes the conditions of every kind that there is', () => {
  const described = CONDITION_REFERENCES.flatMap(({ kinds }) => kinds);
  expect(described.sort()).toEqual(RESOURCE_DEFINITIONS.map(({ kind }) => kind).sort());
});

it.each([
  ['Channel', channelConditions],
  ['Subscription', subscriptionConditions],
  ['ContainerSource', containerSourceConditions],
])('says what each condition of a %s means', (kind, { dependents }) => {
  const reference = CONDITION_REFERENCES.find(({ kinds }) => kinds.includes(kind));
  expect(Object.keys(reference?.conditions ?? {})).toEqual(expect.arrayContaining(['Ready', ...dependents]));
});

describe.each(CONDITION_REFERENCES)('of $kinds', ({ conditions, reasons }) => {
  it.each(Object.entries(reasons))('%s says which condition it explains and, of a fault, what to do', (_, reason) => {
    const { meaning, action } = typeof reason === 'string' ? { meaning: reason, action: undefined } : reason;
    const [, condition, status] = /^(\w+)=(True|False|Unknown)\b/.exec(meaning) ?? [];
    expect(Object.keys(conditions)).toContain(condition);
    if (status === 'False') expect(action).toBeDefined();
  });
});
