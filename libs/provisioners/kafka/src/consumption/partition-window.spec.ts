import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { PartitionWindow, type WindowEntry } from './partition-window.js';

const ROOM = { events: 100, bytes: 1024 * 1024 };

const message = (offset: number): KafkaMessage => ({
  key: null,
  value: Buffer.from(String(offset)),
  timestamp: '0',
  attributes: 0,
  offset: String(offset),
  headers: {},
});
const messages = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index));

function filled(from: number, count: number): PartitionWindow {
  const window = new PartitionWindow(0);
  window.add(messages(from, count), from + count - 1);
  return window;
}

function takeAll(window: PartitionWindow): WindowEntry[] {
  const taken: WindowEntry[] = [];
  for (let entry = window.take(); entry; entry = window.take()) taken.push(entry);
  return taken;
}

describe('a window', () => {
  it('hands out each event once, in order, however often it is given', () => {
    const window = filled(5, 3);
    window.add(messages(4, 6), 9);
    expect(takeAll(window).map(({ offset }) => offset)).toEqual([5, 6, 7, 8, 9]);
  });

  it('has its position before the first event that is not settled, whatever order they settle in', () => {
    const order = fc.shuffledSubarray([10, 11, 12, 13, 14, 15, 16, 17]);
    fc.assert(
      fc.property(order, (settled) => {
        const window = filled(10, 8);
        const entries = takeAll(window);
        for (const offset of settled) window.settle(entries[offset - 10] as WindowEntry);
        let expected = 10;
        while (settled.includes(expected)) expected++;
        expect(window.position).toBe(expected);
        expect(window.inFlight).toBe(8 - settled.length);
      }),
    );
  });

  it('goes to the end of what it was given when all is settled, gaps and what nobody sees included', () => {
    const window = new PartitionWindow(0);
    window.add([message(3), message(7)], 9);
    for (const entry of takeAll(window)) window.settle(entry);
    expect(window.position).toBe(10);
    expect(window.uncommitted).toBe(10);
    window.noteCommitted(10);
    expect(window.uncommitted).toBeUndefined();
  });

  it('has nothing to commit before anything was settled', () => {
    expect(new PartitionWindow(0).uncommitted).toBeUndefined();
    expect(filled(5, 3).uncommitted).toBeUndefined();
  });

  it('hands out again, first and in order, what was set aside', () => {
    const window = filled(0, 4);
    const [first, second, third] = takeAll(window);
    for (const entry of [third, first]) window.setAside(entry as WindowEntry);
    expect(window.hasWaiting).toBe(false);
    window.settle(second as WindowEntry);
    window.returnSetAside();
    expect(takeAll(window).map(({ offset }) => offset)).toEqual([0, 2]);
  });

  it('is full with what is settled behind a hole, and has room when the hole is closed', () => {
    const window = filled(0, ROOM.events);
    const [hole, ...others] = takeAll(window);
    for (const entry of others) window.settle(entry);
    expect(window.isOverfull(ROOM)).toBe(true);
    expect(window.hasRoom(ROOM)).toBe(false);
    window.settle(hole as WindowEntry);
    expect(window.hasRoom(ROOM)).toBe(true);
    expect(window.position).toBe(ROOM.events);
  });

  it('is full with few large events', () => {
    const window = new PartitionWindow(0);
    const large = { ...message(0), value: Buffer.alloc(2 * 1024 * 1024) };
    window.add([large], 0);
    expect(window.isOverfull(ROOM)).toBe(true);
  });

  it('aborts its claim when it is lost, and ignores what settles then', () => {
    const window = filled(0, 2);
    const [first] = takeAll(window);
    window.lose('gone');
    expect(window.claim.signal.aborted).toBe(true);
    window.settle(first as WindowEntry);
    expect(window.hasWaiting).toBe(false);
  });
});
