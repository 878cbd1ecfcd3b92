import type { Health } from '../driver/channel-driver.types.js';

/**
 * A part of a process with a beginning and an end. `platform` starts the parts in the order in which they were registered and ends them in
 * one ordered sequence: unready, then `stopIntake` of all, then `drain` of all, then `close` of all in reverse order.
 */
export interface ProcessPart {
  readonly name: string;
  /** Opens ports, starts loops. Must not wait for other processes: one that is down is waited for in the background. Rejects only where the process cannot go on (port taken). */
  start?(): Promise<void>;
  /** The ports it listens on, by name, once started. */
  ports?(): Readonly<Record<string, number>>;
  /** Takes in nothing new from now on; answers 503 where it must answer. */
  stopIntake?(): Promise<void>;
  /** Lets finish what is under way until `deadline` aborts. */
  drain?(deadline: AbortSignal): Promise<void>;
  /** Lets go of everything. */
  close?(): Promise<void>;
  /** Readiness: down while the part cannot do its work. Answers within 2 s and never throws. */
  health?(): Health | Promise<Health>;
}

/** Where the parts of a process are made known. */
export interface LifeCycle {
  register(part: ProcessPart): void;
  /** The ports that the process listens on so far, by name: those of the parts that have started, and before all of them `management`. */
  ports(): Readonly<Record<string, number>>;
}
