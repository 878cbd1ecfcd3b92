import type { Claim, EventHandler, Settlement, StoredEvent } from '@millrace/eventing-api';

/** One event that was handed out. */
interface HandedOut {
  readonly event: StoredEvent;
  readonly claim: Claim;
  readonly settle: (settlement: Settlement) => void;
  settled: boolean;
}

/** A handler that keeps what it was given and settles when told to. */
export class RecordingHandler {
  private readonly all: HandedOut[] = [];
  /** The most that it had in its hands at one time. */
  peakInFlight = 0;

  /** `settlement` = settle at once; undefined = wait to be told. */
  constructor(private settlement?: Settlement) {}

  readonly handle: EventHandler = (event, claim) =>
    new Promise((settle) => {
      const handedOut: HandedOut = { event, claim, settle, settled: false };
      this.all.push(handedOut);
      this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
      if (this.settlement) this.finish(handedOut, this.settlement);
    });

  /** In the order in which they came. */
  get events(): StoredEvent[] {
    return this.all.map(({ event }) => event);
  }

  get ids(): string[] {
    return this.all.map(({ event }) => event.id);
  }

  /** Without order and repetition, for stores that promise neither. */
  get distinctIds(): Set<string> {
    return new Set(this.ids);
  }

  /** Events not yet settled. */
  get inFlight(): number {
    return this.all.filter(({ settled }) => !settled).length;
  }

  /** The claim to the event that was handed out last under this id. */
  claimOf(id: string): Claim | undefined {
    return this.all.findLast(({ event }) => event.id === id)?.claim;
  }

  get claims(): Claim[] {
    return this.all.map(({ claim }) => claim);
  }

  /** Settles one event, handed out under this id and not settled yet; nothing when there is none. */
  settle(id: string, settlement: Settlement): void {
    const handedOut = this.all.find(({ event, settled }) => event.id === id && !settled);
    if (handedOut) this.finish(handedOut, settlement);
  }

  /** Settles the event that has waited longest. */
  settleNext(settlement: Settlement): void {
    const handedOut = this.all.find(({ settled }) => !settled);
    if (handedOut) this.finish(handedOut, settlement);
  }

  /** Settles what waits and what is still to come. */
  settleAll(settlement: Settlement): void {
    this.settlement = settlement;
    for (const handedOut of this.all) this.finish(handedOut, settlement);
  }

  private finish(handedOut: HandedOut, settlement: Settlement): void {
    if (handedOut.settled) return;
    handedOut.settled = true;
    handedOut.settle(settlement);
  }
}
