import { Consumer, type Behaviour } from '../../../../libs/delivery/test/consumer.js';
import { idOf } from '../arrivals.js';

/** One event in so many is refused, so that there are always dead letters to account for. */
const REFUSED_OF = 20;

/** A consumer that works for a while on each event, takes most and refuses some, always the same ones. */
export class SteadyConsumer implements AsyncDisposable {
  /** Ids of the events that it has taken, in that order; twice where it was sent one twice. */
  readonly taken: string[] = [];
  /** Ids of the events that it refuses for good. */
  readonly refused = new Set<string>();
  /** Events that it works on now. */
  working = 0;

  private constructor(
    private readonly consumer: Consumer,
    /** How long it works on an event. */
    public workMs: number,
  ) {
    consumer.behaviours = [this.work];
  }

  static async start(workMs: number): Promise<SteadyConsumer> {
    return new SteadyConsumer(await Consumer.start(() => undefined), workMs);
  }

  get uri(): string {
    return this.consumer.origin;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.consumer[Symbol.asyncDispose]();
  }

  private readonly work: Behaviour = (response, request) => {
    const id = idOf(request);
    this.working += 1;
    setTimeout(() => {
      this.working -= 1;
      response.writeHead(this.settle(id)).end();
    }, this.workMs);
  };

  private settle(id: string): number {
    if (isRefused(id)) {
      this.refused.add(id);
      return 422;
    }
    this.taken.push(id);
    return 200;
  }
}

/** By the numbers that end its id, of its key and of its place among those of its key: at any moment some event is refused, whatever breaks then. */
function isRefused(id: string): boolean {
  const [key = 0, place = 0] = id.split('/').slice(-2).map(Number);
  return (key + place) % REFUSED_OF === REFUSED_OF / 2;
}
