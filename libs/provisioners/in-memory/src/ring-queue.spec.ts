import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RingQueue } from './ring-queue.js';

describe('RingQueue', () => {
  it('does what an array does, whatever is pushed and taken in which order', () => {
    const operation = fc.constantFrom('back', 'back', 'back', 'front', 'take');
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
        const queue = new RingQueue<number>();
        const model: number[] = [];
        operations.forEach((name, item) => {
          if (name === 'back') {
            queue.pushBack(item);
            model.push(item);
          } else if (name === 'front') {
            queue.pushFront(item);
            model.unshift(item);
          } else {
            expect(queue.takeFront()).toBe(model.shift());
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peekFront()).toBe(model[0]);
        });
        while (model.length > 0) expect(queue.takeFront()).toBe(model.shift());
        expect(queue.takeFront()).toBeUndefined();
      }),
    );
  });
});
