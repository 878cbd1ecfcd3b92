import type { DriverChannel } from '@millrace/eventing-api';
import { DiscardPolicy, nanos, RetentionPolicy, StorageType, type StreamConfig } from 'nats';
import { partitionSubject, streamName } from './names.js';
import type { StreamSettings } from './nats-options.js';

/** The part of a stream's configuration that we decide; the rest is the server's. */
export type OwnConfig = Pick<
  StreamConfig,
  | 'name'
  | 'description'
  | 'subjects'
  | 'retention'
  | 'storage'
  | 'num_replicas'
  | 'max_age'
  | 'max_bytes'
  | 'discard'
  | 'duplicate_window'
>;

/** What a stream is, and what shall become of it. */
export interface StreamComparison {
  /** Changes that lose nothing; undefined = none. */
  readonly repair: Partial<OwnConfig> | undefined;
  /** Sentences about what is left alone. */
  readonly drift: readonly string[];
}

/** Whose stream it is: `description`, in JSON. */
interface Identity {
  readonly channel: string;
  readonly uid: string;
  readonly purpose: string;
}

/** Longer than a publish is tried again. */
const DUPLICATE_WINDOW_MS = 30_000;
const UNLIMITED_BYTES = -1;

/** The stream as it shall be made. */
export function streamConfig(channel: DriverChannel, settings: StreamSettings): OwnConfig {
  const maxAge = nanos(settings.maxAgeMs ?? 0);
  return {
    name: streamName(channel),
    description: JSON.stringify(identityOf(channel)),
    subjects: Array.from({ length: settings.partitions }, (_, partition) => partitionSubject(channel, partition)),
    retention: RetentionPolicy.Limits,
    storage: settings.storage === 'file' ? StorageType.File : StorageType.Memory,
    num_replicas: settings.replicas,
    max_age: maxAge,
    max_bytes: settings.maxBytes ?? UNLIMITED_BYTES,
    discard: settings.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    duplicate_window: maxAge === 0 ? nanos(DUPLICATE_WINDOW_MS) : Math.min(maxAge, nanos(DUPLICATE_WINDOW_MS)),
  };
}

/** Whose stream this is, where it is not the Channel's: its description; undefined where it is the Channel's. */
export function otherOwner(found: Pick<StreamConfig, 'description'>, channel: DriverChannel): string | undefined {
  const { description = '' } = found;
  try {
    const { uid, purpose } = JSON.parse(description) as Partial<Identity>;
    return uid === channel.uid && purpose === channel.purpose ? undefined : description;
  } catch {
    return description || 'nobody that it names';
  }
}

/**
 * Compares a stream with what was asked for. Limits grow, and what was discarded is kept from now on; nothing shrinks, and what cannot be changed, or would lose events,
 * is told as drift.
 */
export function compareStream(found: StreamConfig, asked: OwnConfig): StreamComparison {
  const repair: { -readonly [Key in keyof OwnConfig]?: OwnConfig[Key] } = {};
  const drift: string[] = [];
  const differs = (what: string, is: string, shall: string) => drift.push(`${what} is ${is}, not ${shall}`);
  if (found.storage !== asked.storage) differs('storage', found.storage, asked.storage);
  if (found.retention !== asked.retention) differs('retention', found.retention, asked.retention);
  if (found.num_replicas < asked.num_replicas) repair.num_replicas = asked.num_replicas;
  else if (found.num_replicas > asked.num_replicas) {
    differs('replicas', String(found.num_replicas), String(asked.num_replicas));
  }
  if (found.discard !== asked.discard) {
    if (asked.discard === DiscardPolicy.New) repair.discard = asked.discard;
    else differs('discard', found.discard, asked.discard);
  }
  if (grows(found.max_age, asked.max_age)) repair.max_age = asked.max_age;
  else if (found.max_age !== asked.max_age) differs('maxAge', inSeconds(found.max_age), inSeconds(asked.max_age));
  if (grows(found.max_bytes, asked.max_bytes)) repair.max_bytes = asked.max_bytes;
  else if (found.max_bytes !== asked.max_bytes) differs('maxBytes', inBytes(found.max_bytes), inBytes(asked.max_bytes));
  if (found.subjects.length !== asked.subjects.length) {
    differs('partitions', String(found.subjects.length), String(asked.subjects.length));
  }
  return { repair: Object.keys(repair).length > 0 ? repair : undefined, drift };
}

function identityOf({ namespace, name, uid, purpose }: DriverChannel): Identity {
  return { channel: `${namespace}/${name}`, uid, purpose };
}

/** 0 and -1 stand for no limit. */
function grows(found: number, asked: number): boolean {
  return found > 0 && (asked <= 0 || asked > found);
}

function inSeconds(age: number): string {
  return age <= 0 ? 'without limit' : `${age / 1e9} s`;
}

function inBytes(bytes: number): string {
  return bytes <= 0 ? 'without limit' : `${bytes} bytes`;
}
