import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { eventHeaders } from '../producer.js';

/** An event that was sent, once: the suite re-sends nothing. */
export interface SentEvent {
  readonly id: string;
  readonly key: string;
  /** Its place among the events of its key. */
  readonly sequence: number;
  readonly sentAtMs: number;
  /** Status of the answer; `none` where the connection broke or the producer lost patience; undefined as long as it waits. */
  answer: number | 'none' | undefined;
  /** How long the answer took. */
  answeredAfterMs: number;
}

export interface LoadOptions {
  /** Beginning of every id and key: `<prefix>/<lane>/<sequence>`. */
  readonly prefix: string;
  readonly eventsPerSecond: number;
  /** Events of one key are sent one after the other, each when the one before has its answer. */
  readonly keys: number;
}

/** After this a producer of ours gives up. */
const PATIENCE_MS = 20_000;

/** Sends events with a few partition keys at a steady rate and notes for each id what it was answered. */
export class SteadyLoad {
  readonly sent: SentEvent[] = [];
  private readonly agent: Agent;
  private readonly lanes: Promise<unknown>;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly options: LoadOptions,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: options.keys });
    this.lanes = Promise.all(Array.from({ length: options.keys }, (_, lane) => this.sendLane(lane)));
  }

  /** Sends no more; resolves when every event has its answer. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.lanes;
    this.agent.destroy();
  }

  private async sendLane(lane: number): Promise<void> {
    const { eventsPerSecond, keys } = this.options;
    const periodMs = (1000 * keys) / eventsPerSecond;
    await delay((periodMs * lane) / keys);
    for (let sequence = 0; !this.stopped; sequence += 1) {
      const sentAtMs = Date.now();
      await this.send(`${this.options.prefix}/${lane}`, sequence, sentAtMs);
      await delay(Math.max(0, sentAtMs + periodMs - Date.now()));
    }
  }

  private async send(key: string, sequence: number, sentAtMs: number): Promise<void> {
    const id = `${key}/${sequence}`;
    const event: SentEvent = { id, key, sequence, sentAtMs, answer: undefined, answeredAfterMs: 0 };
    this.sent.push(event);
    event.answer = await this.post(id, key);
    event.answeredAfterMs = Date.now() - sentAtMs;
  }

  private post(id: string, key: string): Promise<number | 'none'> {
    const headers = eventHeaders(id, { partitionkey: key });
    const options = { method: 'POST', agent: this.agent, headers, timeout: PATIENCE_MS };
    return new Promise((resolve) => {
      const outgoing = request(this.url, options, (response) => {
        response.resume();
        response.on('close', () => resolve(response.statusCode ?? 'none'));
      });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve('none'));
      outgoing.end('{"amount":12}');
    });
  }
}
