import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from './clock.js';
import { silentLogger, type LogFields } from './logger.types.js';
import { RareWarning } from './rare-warning.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

it('tells the first at once, then one a minute with the number of those before it that were not told', () => {
  const lines: [string, LogFields | undefined][] = [];
  const logger = { ...silentLogger, warn: (message: string, fields?: LogFields) => void lines.push([message, fields]) };
  const warning = new RareWarning(logger, systemClock, 'A message is no CloudEvent');
  const tell = (messageId: number) => warning.tell(() => ({ messageId }));
  tell(1);
  tell(2);
  vi.advanceTimersByTime(59_999);
  tell(3);
  vi.advanceTimersByTime(1);
  tell(4);
  vi.advanceTimersByTime(60_000);
  tell(5);
  expect(lines).toEqual([
    ['A message is no CloudEvent', { messageId: 1, untoldBefore: 0 }],
    ['A message is no CloudEvent', { messageId: 4, untoldBefore: 2 }],
    ['A message is no CloudEvent', { messageId: 5, untoldBefore: 0 }],
  ]);
});
