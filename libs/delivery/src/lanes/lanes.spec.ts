import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lanes, type LanePlace } from './lanes.js';

interface Item {
  readonly id: number;
  readonly key: string;
}

/** What lanes must be like, written down plainly: a list for each key, of which the first is let go. */
class Model {
  private readonly byKey = new Map<string, Item[]>();

  join(item: Item): boolean {
    const lane = this.byKey.get(item.key) ?? [];
    this.byKey.set(item.key, lane);
    return lane.push(item) === 1;
  }

  /** Returns the one that is let go. */
  leave(item: Item): Item | undefined {
    const lane = this.byKey.get(item.key)!;
    const index = lane.indexOf(item);
    lane.splice(index, 1);
    return index === 0 ? lane[0] : undefined;
  }
}

// Among them are keys that share a chain.
const KEYS = ['a', 'b', '', 'Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa'];

it('let go the first of each key only, in order, whoever leaves from wherever', () => {
  const step = fc.oneof(fc.record({ join: fc.constantFrom(...KEYS) }), fc.record({ leave: fc.nat() }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const letGo: Item[] = [];
      const lanes = new Lanes<Item>((item) => letGo.push(item));
      const model = new Model();
      const inside: LanePlace<Item>[] = [];
      steps.forEach((one, id) => {
        if ('join' in one) {
          const item = { id, key: one.join };
          const place = lanes.join(item.key, item);
          expect(place.isFirst).toBe(model.join(item));
          inside.push(place);
        } else if (inside.length > 0) {
          const [place] = inside.splice(one.leave % inside.length, 1);
          const expected = model.leave(place!.item);
          letGo.length = 0;
          lanes.leave(place!);
          lanes.leave(place!);
          expect(letGo).toEqual(expected ? [expected] : []);
        }
      });
    }),
  );
});

it('need no stack for items that leave as soon as they are let go', () => {
  const left: number[] = [];
  const places: LanePlace<number>[] = [];
  const lanes = new Lanes<number>((item) => {
    left.push(item);
    lanes.leave(places[item]!);
  });
  for (let item = 0; item < 100_000; item++) places.push(lanes.join('key', item));
  lanes.leave(places[0]!);
  expect(left).toHaveLength(99_999);
  expect(left.at(-1)).toBe(99_999);
  expect(lanes.join('key', 0).isFirst).toBe(true);
});

it('hold on to nothing that has left', () => {
  const lanes = new Lanes<string>(() => {});
  const [first, second, third] = ['1', '2', '3'].map((item) => lanes.join('key', item));
  lanes.leave(second!);
  lanes.leave(first!);
  for (const gone of [first, second]) {
    expect([gone!.next, gone!.previous, gone!.nextLane]).toEqual([undefined, undefined, undefined]);
    expect(gone!.last).toBe(gone);
  }
  expect(third!.isFirst).toBe(true);
});
