import { validateAgainstSchema } from '@millrace/eventing-api';
import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { providerOf } from '../../subject/provider-of.js';

export const providerClaims: Requirement = {
  id: 'provider/claims',
  title: 'MUST imply with the names that it claims no parameters that its own schema refuses',
  source: contractType('ChannelDriverProvider'),
  profile: 'core',
  hook: 'provider',
  check(subject) {
    const { claims, parametersSchema } = providerOf(subject);
    for (const [name, implied] of Object.entries(claims)) {
      const faults = validateAgainstSchema(parametersSchema, implied);
      // The manifest adds what is missing.
      const refused = faults.filter(({ reason }) => reason !== 'FieldValueRequired');
      expect(refused, `faults of the parameters that ${name} implies`).toEqual([]);
    }
    return Promise.resolve();
  },
};
