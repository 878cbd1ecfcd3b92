import { ManualClock } from '@millrace/testing';
import { describe, expect, it, vi } from 'vitest';
import { LinkWatch } from './link-watch.js';

/** A server that answers pings when it is told to, and may send messages. */
class Server {
  messages = 0;
  private readonly pings: (() => void)[] = [];

  readonly client = {
    flush: () => new Promise<void>((resolve) => this.pings.push(resolve)),
    stats: () => ({ inBytes: 0, outBytes: 0, inMsgs: this.messages, outMsgs: 0 }),
  };

  async answer(): Promise<void> {
    for (const pong of this.pings.splice(0)) pong();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function watched() {
  const [server, clock, onSilent] = [new Server(), new ManualClock(), vi.fn()];
  return { server, clock, onSilent, watch: new LinkWatch(server.client, clock, onSilent) };
}

describe('the watch over a link', () => {
  it('tells once that nothing comes any more', () => {
    const { clock, onSilent } = watched();
    clock.advance(12_000);
    expect(onSilent).not.toHaveBeenCalled();
    clock.advance(60_000);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('is content with answers, and with messages where answers wait behind them', async () => {
    const { server, clock, onSilent } = watched();
    clock.advance(10_000);
    await server.answer();
    clock.advance(10_000);
    server.messages++;
    clock.advance(10_000);
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('does not blame the server for a time in which this process stood still', () => {
    const { server, onSilent } = watched();
    let [nowMs, check] = [0, () => {}];
    const schedule = (_: number, callback: () => void) => {
      check = callback;
      return { cancel: () => {} };
    };
    new LinkWatch(server.client, { now: () => nowMs, schedule }, onSilent);
    nowMs += 3_600_000;
    check();
    expect(onSilent).not.toHaveBeenCalled();
  });

  it('knows what the server has read: what was sent before a ping that it has answered', async () => {
    const { server, clock, watch } = watched();
    const sentAtMs = clock.now();
    clock.advance(1_000);
    expect(watch.hasRead(sentAtMs)).toBe(false);
    await server.answer();
    expect(watch.hasRead(sentAtMs)).toBe(true);
    expect(watch.hasRead(clock.now())).toBe(false);
  });
});
