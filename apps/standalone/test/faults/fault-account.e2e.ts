import { describe, expect, it } from 'vitest';
import { accountOf } from './fault-account.js';
import type { SentEvent } from './steady-load.js';

const event = (sequence: number, answer: SentEvent['answer'] = 202): SentEvent => ({
  ...{ id: `k/${sequence}`, key: 'k', sequence, answer },
  ...{ sentAtMs: sequence, answeredAfterMs: 10 * sequence },
});
const nothingGone = () => false;

describe('the account of a scenario', () => {
  it('finds the event that got a 202 and has no outcome, and none that got another answer', () => {
    const sent = [event(0), event(1), event(2, 503), event(3, 'none'), event(4)];
    const account = accountOf({ sent, taken: ['k/0'], dead: new Set(['k/4']), mayBeGone: nothingGone });
    expect(account).toMatchObject({ sent: 5, accepted: 3, delivered: 1, dead: 1, gone: [], lost: ['k/1'] });
    expect(account).toMatchObject({ refusals: { '503': 1, none: 1 }, longestAnswerMs: 40 });
  });

  it('calls gone only what may be gone', () => {
    const sent = [event(0), event(1)];
    const account = accountOf({ sent, taken: [], dead: new Set(), mayBeGone: ({ sentAtMs }) => sentAtMs < 1 });
    expect(account).toMatchObject({ gone: [{ id: 'k/0' }], lost: ['k/1'] });
  });

  it('counts a second delivery as duplicate, and as out of order only a first one that comes late', () => {
    const sent = [event(0), event(1), event(2)];
    const taken = ['k/0', 'k/2', 'k/0', 'k/1', 'k/2'];
    const account = accountOf({ sent, taken, dead: new Set(), mayBeGone: nothingGone });
    expect(account).toMatchObject({ delivered: 3, duplicates: 2, outOfOrder: ['k/1'] });
  });
});
