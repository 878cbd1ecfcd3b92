import type { Clock, Logger } from '@millrace/eventing-api';
import kafkajs, { type LogEntry, type logCreator } from 'kafkajs';

/** The same line again is told after this long. */
const AGAIN_AFTER_MS = 60_000;
const MAX_REMEMBERED = 200;

/** As much of a line of kafkajs's as is read here. */
interface KafkaJsLine {
  /** At times an Error. */
  readonly message: unknown;
  readonly error?: unknown;
  readonly broker?: string;
  readonly groupId?: string;
}

/** Tells the same thing once in a while. */
class RareLog {
  private readonly toldAtMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Whether it is time to tell this. */
  isDue(line: string): boolean {
    const now = this.clock.now();
    const told = this.toldAtMs.get(line);
    if (told !== undefined && now - told < AGAIN_AFTER_MS) return false;
    if (this.toldAtMs.size >= MAX_REMEMBERED) this.toldAtMs.clear();
    this.toldAtMs.set(line, now);
    return true;
  }
}

/** A refusal of the broker, which whoever asked is told as well. */
const RESPONSE = 'Response ';

/**
 * kafkajs's log in ours: its message and the text of its error, without the objects that it adds, which may hold what nobody should read. It calls every hiccup an error;
 * what matters comes as an outcome or an error of its own, so that nothing is more than a warning here. One for all clients of a store: they say the same.
 *
 * @param isClosed what is said from then on is told to nobody: it is of connections that were broken on purpose
 */
export function kafkaJsLog(logger: Logger, clock: Clock, isClosed: () => boolean): logCreator {
  const rare = new RareLog(clock);
  return () =>
    ({ namespace, level, log }: LogEntry) => {
      if (isClosed()) return;
      const { message, error, broker, groupId } = log as KafkaJsLine;
      const text = String(message);
      const reason = typeof error === 'string' && !text.includes(error) ? error : undefined;
      if (!rare.isDue(`${namespace} ${broker ?? ''} ${groupId ?? ''} ${text} ${reason ?? ''}`)) return;
      const fields = { part: namespace, broker, group: groupId, reason };
      if (level <= kafkajs.logLevel.ERROR && !text.startsWith(RESPONSE)) logger.warn(`kafkajs: ${text}`, fields);
      else logger.debug(`kafkajs: ${text}`, fields);
    };
}
