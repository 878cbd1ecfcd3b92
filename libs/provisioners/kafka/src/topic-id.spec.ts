import { expect, it } from 'vitest';
import { isOfFormerTopic, positionNote } from './topic-id.js';

it('a position holds for the topic that it was noted for, and one without a note for whatever is there', () => {
  expect(isOfFormerTopic(positionNote('a'), 'a')).toBe(false);
  expect(isOfFormerTopic(positionNote('a'), 'b')).toBe(true);
  expect(isOfFormerTopic(null, 'b')).toBe(false);
  expect(isOfFormerTopic('somebody else wrote this', 'b')).toBe(false);
});

it('nobody tells topics apart where the broker does not', () => {
  expect(positionNote('')).toBeNull();
  expect(isOfFormerTopic(positionNote('a'), '')).toBe(false);
});
