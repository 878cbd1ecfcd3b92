import { validateAgainstSchema } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { providerOf } from '../../subject/provider-of.js';

const MISSPELT = 'mispeltSetting';

export const providerRefusesUnknownFields: Requirement = {
  id: 'provider/refuses-unknown-fields',
  title:
    'MUST take objects for parameters and arguments, those that it is tried with included, and refuse unknown fields',
  source: contractType('ChannelDriverProvider'),
  profile: 'core',
  hook: 'provider',
  check(subject) {
    const { parametersSchema, argumentsSchema } = providerOf(subject);
    const tried = [
      { what: 'parameters', schema: parametersSchema, value: subject.harness.parameters ?? {} },
      { what: 'arguments', schema: argumentsSchema, value: subject.harness.channelArguments ?? {} },
    ];
    for (const { what, schema, value } of tried) {
      expect(validateAgainstSchema(schema, value), `faults of the ${what} that it is tried with`).toEqual([]);
      expect(validateAgainstSchema(schema, 'text'), `faults of ${what} that are text`).not.toEqual([]);
      const misspelt = validateAgainstSchema(schema, { ...value, [MISSPELT]: true });
      expect(misspelt, `faults of ${what} with an unknown field`).not.toEqual([]);
    }
    return Promise.resolve();
  },
};
