import { expect, it } from 'vitest';
import type { HeldMessage, HeldState } from './held-message.js';
import { countMissingMessages } from './missing-messages.js';

const held = (sequence: number, state: HeldState = 'handed-out') => ({ sequence, state }) as HeldMessage;
const state = { inDelivery: 0, lastDelivery: 9, lastSequence: 9 };

it('Nothing is missing where the server counts what we hold', () => {
  const messages = [held(1), held(2, 'waiting'), held(3, 'set-aside')];
  expect(countMissingMessages(messages, { ...state, inDelivery: 3 })).toEqual({ atLeast: 0, atMost: 0 });
});

it('What the server counts and we do not hold is missing', () => {
  expect(countMissingMessages([held(1)], { ...state, inDelivery: 3 })).toEqual({ atLeast: 2, atMost: 2 });
});

it('A settled message without an answer leaves open whether one is missing', () => {
  const messages = [held(1, 'acknowledging'), held(2)];
  expect(countMissingMessages(messages, { ...state, inDelivery: 2 })).toEqual({ atLeast: 0, atMost: 1 });
});

it('A message that the server has forgotten to have handed out stands for nothing, settled or not', () => {
  const messages = [held(3), held(4, 'acknowledging'), held(5)];
  expect(countMissingMessages(messages, { ...state, inDelivery: 1, lastSequence: 3 })).toEqual({
    atLeast: 0,
    atMost: 0,
  });
});
