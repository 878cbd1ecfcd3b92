import type { Clock, DriverChannel } from '@millrace/eventing-api';
import type { ChannelStreams } from '../channel-streams.js';
import { partitionSubject } from '../names.js';
import { outOfTime, refuse, type Refusal } from '../nats-refusals.js';
import { partitionOf } from './partition-of.js';
import { isForbidden, storeWords } from '../store-error.js';
import { inTime, type Deadline } from '../time-limits.js';

/** Where the events of a Channel go. */
export interface Place {
  readonly subjects: readonly string[];
  /** The partition of the next event without a key. */
  turn: number;
}

/** Nobody tells us of Channels that other processes delete: beyond so many, those that were found or ensured longest ago are looked for again. */
const MAX_PLACES = 10_000;

/** Knows where the events of each Channel go, and looks for Channels that another process has ensured. */
export class ChannelPlaces {
  private readonly places = new Map<string, Place>();
  private readonly searches = new Map<string, Promise<Place | Refusal>>();

  constructor(
    private readonly streams: Pick<ChannelStreams, 'partitionsOf'>,
    private readonly clock: Clock,
  ) {}

  /** Those that are known. */
  get size(): number {
    return this.places.size;
  }

  known(channel: DriverChannel): Place | undefined {
    return this.places.get(keyOf(channel));
  }

  learn(channel: DriverChannel, partitions: number): Place {
    const key = keyOf(channel);
    const subjects = Array.from({ length: partitions }, (_, partition) => partitionSubject(channel, partition));
    const place: Place = { subjects, turn: this.places.get(key)?.turn ?? 0 };
    this.places.delete(key);
    this.places.set(key, place);
    const [oldest] = this.places.keys();
    if (this.places.size > MAX_PLACES && oldest !== undefined) this.places.delete(oldest);
    return place;
  }

  forget(channel: DriverChannel): void {
    this.places.delete(keyOf(channel));
  }

  /** Asks the store, once for all who want to know at the same time. */
  find(channel: DriverChannel, deadline: Deadline): Promise<Place | Refusal> {
    const key = keyOf(channel);
    let search = this.searches.get(key);
    if (!search) {
      search = this.search(channel).finally(() => this.searches.delete(key));
      this.searches.set(key, search);
    }
    return inTime(this.clock, deadline, search, outOfTime);
  }

  private async search(channel: DriverChannel): Promise<Place | Refusal> {
    try {
      const partitions = await this.streams.partitionsOf(channel);
      return partitions === undefined
        ? refuse('not-found', unknownChannel(channel).message)
        : this.learn(channel, partitions);
    } catch (error) {
      return refuse(isForbidden(error) ? 'forbidden' : 'unavailable', storeWords(error), error);
    }
  }
}

/** The subject of a key, always the same; events without a key take turns. */
export function subjectOf(place: Place, key: string | undefined): string {
  const { subjects } = place;
  const partition = key === undefined ? place.turn++ % subjects.length : partitionOf(key, subjects.length);
  return subjects[partition] as string;
}

export function unknownChannel({ namespace, name }: DriverChannel): Error {
  return new Error(`Channel ${namespace}/${name} is not in this store`);
}

function keyOf({ uid, purpose }: DriverChannel): string {
  return `${purpose}/${uid}`;
}
