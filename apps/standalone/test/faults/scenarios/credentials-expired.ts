import { findCondition, isReady } from '@millrace/eventing-api';
import { expect } from 'vitest';
import type { FaultScenario } from '../fault-scenario.types.js';
import { Story } from '../story.js';

export const credentialsExpired: FaultScenario = {
  id: 'credentials-expired',
  title: 'the credentials expire, and the Secret is changed later',
  needs: { credentials: { username: 'millrace', password: 'first' } },
  async play(stage) {
    const { home, store, subject } = stage;
    await using story = await Story.begin(stage);
    await story.flows('with the first credentials');
    await store.changeCredentials({ username: 'millrace', password: 'second' });
    const unready = await home.provisioner(store.provisioner, 'says that it is not let in', ({ status }) => {
      return subject.refusedWords.test(findCondition(status?.conditions, 'Ready')?.message ?? '');
    });
    const told = findCondition(unready.status?.conditions, 'Ready');
    expect(told?.status).toBe('False');
    await store.updateSecret(home);
    await home.provisioner(store.provisioner, 'is Ready', isReady);
    await story.flows('with the second credentials');
    const account = await story.end();
    story.expectPoliteRefusals(account);
    return { account, note: `told: ${told?.message ?? ''}` };
  },
};
