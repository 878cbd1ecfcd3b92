import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker, FAILURES_TO_OPEN, FIRST_COOL_DOWN_MS, MAX_COOL_DOWN_MS } from './circuit-breaker.js';

const TIMEOUT_MS = 30_000;

function openCircuit(nowMs = 0): CircuitBreaker {
  const circuit = new CircuitBreaker();
  for (let count = 0; count < FAILURES_TO_OPEN; count++) circuit.fail(nowMs, false);
  return circuit;
}

describe('a circuit', () => {
  it('opens after ten failures in a row, and not where a success comes between', () => {
    const circuit = new CircuitBreaker();
    for (let round = 0; round < 3; round++) {
      for (let count = 1; count < FAILURES_TO_OPEN; count++) circuit.fail(0, false);
      circuit.succeed();
    }
    expect(circuit.state).toBe('closed');
    for (let count = 1; count < FAILURES_TO_OPEN; count++) circuit.fail(0, false);
    expect(circuit.judge(0, TIMEOUT_MS)).toBe('attempt');
    circuit.fail(0, false);
    expect(circuit.state).toBe('open');
    expect(circuit.judge(0, TIMEOUT_MS)).toBe('spare');
  });

  it('lets one attempt through when it has cooled down, and spares the others until that one is back', () => {
    const circuit = openCircuit();
    expect(circuit.judge(FIRST_COOL_DOWN_MS - 1, TIMEOUT_MS)).toBe('spare');
    expect(circuit.judge(FIRST_COOL_DOWN_MS, TIMEOUT_MS)).toBe('probe');
    expect(circuit.state).toBe('half-open');
    expect(circuit.judge(FIRST_COOL_DOWN_MS + TIMEOUT_MS - 1, TIMEOUT_MS)).toBe('spare');
  });

  it('closes with any success, and opens no sooner than before', () => {
    const circuit = openCircuit();
    circuit.succeed();
    expect(circuit.state).toBe('closed');
    circuit.fail(0, false);
    expect(circuit.judge(0, TIMEOUT_MS)).toBe('attempt');
  });

  it('waits longer after each probe that fails, up to a limit', () => {
    const circuit = openCircuit();
    const waits: number[] = [];
    let nowMs = 0;
    while (waits.length < 6) {
      const openedAtMs = nowMs;
      while (circuit.judge(nowMs, TIMEOUT_MS) !== 'probe') nowMs += 100;
      waits.push(nowMs - openedAtMs);
      circuit.fail(nowMs, true);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, MAX_COOL_DOWN_MS, MAX_COOL_DOWN_MS]);
  });

  it('is not put off by attempts that were under way when it opened', () => {
    const circuit = openCircuit();
    circuit.fail(900, false);
    expect(circuit.judge(FIRST_COOL_DOWN_MS, TIMEOUT_MS)).toBe('probe');
    circuit.fail(FIRST_COOL_DOWN_MS, false);
    expect(circuit.state).toBe('half-open');
  });

  it('forgets a probe that nothing is heard of', () => {
    const circuit = openCircuit();
    expect(circuit.judge(FIRST_COOL_DOWN_MS, TIMEOUT_MS)).toBe('probe');
    expect(circuit.judge(FIRST_COOL_DOWN_MS + TIMEOUT_MS, TIMEOUT_MS)).toBe('probe');
  });

  it('never stays open for longer than the longest cool-down, or time-out, without trying', () => {
    const step = fc.record({ passMs: fc.nat(5000), succeeds: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const circuit = openCircuit();
        let nowMs = 0;
        for (const { passMs, succeeds } of steps) {
          nowMs += passMs;
          const verdict = circuit.judge(nowMs, TIMEOUT_MS);
          if (verdict === 'spare') continue;
          if (succeeds) circuit.succeed();
          else circuit.fail(nowMs, verdict === 'probe');
        }
        expect(circuit.judge(nowMs + TIMEOUT_MS, TIMEOUT_MS)).not.toBe('spare');
      }),
    );
  });
});
