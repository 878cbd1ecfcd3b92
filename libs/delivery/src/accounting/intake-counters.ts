import { LatencyHistogram } from './latency-histogram.js';

/** What became of the requests at one intake in this process. */
export class IntakeCounters {
  /** Requests answered, by HTTP status. */
  readonly requestsByStatus = new Map<number, number>();
  /** Requests whose sender went away, or was cut off, before they had come in whole. */
  abandoned = 0;
  /** Events of requests that were answered with 202. */
  events = 0;
  /** Requests that are not answered yet. */
  requestsInFlight = 0;
  /** Bytes of bodies held for requests that are not answered yet. */
  bytesInFlight = 0;
  /** From the headers of a request that is well-formed to its answer, whatever that is. */
  readonly latency = new LatencyHistogram();

  answer(status: number): void {
    this.requestsByStatus.set(status, (this.requestsByStatus.get(status) ?? 0) + 1);
  }
}
