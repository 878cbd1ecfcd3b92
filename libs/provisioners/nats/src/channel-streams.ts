import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import type { StreamInfo } from 'nats';
import { ownersSubjects, OWNERS_STREAM, partitionSubject, streamName } from './names.js';
import { maxEventBytesOf } from './message-mapping.js';
import { streamSettings, type NatsOptions } from './nats-options.js';
import type { StoreConnection } from './store-connection.js';
import { JETSTREAM, jetStreamCode, storeError } from './store-error.js';
import { compareStream, otherOwner, streamConfig, type OwnConfig } from './stream-config.js';

/** What ensuring found, for the caller and for us. */
export interface EnsuredStream {
  readonly report: ChannelReport;
  readonly partitions: number;
}

/** Makes, finds and removes the streams of Channels. */
export class ChannelStreams {
  constructor(
    private readonly connection: StoreConnection,
    private readonly options: NatsOptions,
  ) {}

  /** @throws Error where the stream is another's, or the server says no */
  async ensure(channel: DriverChannel): Promise<EnsuredStream> {
    const asked = streamConfig(channel, streamSettings(channel.purpose, channel.arguments, this.options.stream));
    const found = await this.info(channel);
    const { config } = found ?? (await this.make(channel, asked));
    const owner = otherOwner(config, channel);
    if (owner !== undefined) throw new Error(`Stream ${asked.name} belongs to ${owner}: it is left alone`);
    const { repair, drift } = compareStream(config, asked);
    if (repair) await this.repair(asked.name, repair);
    const partitions = config.subjects.length;
    const subjects = `${partitionSubject(channel, 0)} to ${partitionSubject(channel, partitions - 1)}`;
    const maxPayload = this.connection.maxPayloadBytes;
    const maxEventBytes = maxPayload === undefined ? undefined : maxEventBytesOf(maxPayload);
    const store = { stream: asked.name, subjects };
    return { report: { store, drift, isNew: found === undefined, maxEventBytes }, partitions };
  }

  /** The partitions of the Channel; undefined where it has no stream. Rejects where that cannot be told. */
  async partitionsOf(channel: DriverChannel): Promise<number | undefined> {
    return (await this.info(channel))?.config.subjects.length;
  }

  async delete(channel: DriverChannel): Promise<void> {
    const name = streamName(channel);
    try {
      const info = await this.info(channel);
      if (info && otherOwner(info.config, channel) === undefined) await this.connection.manager.streams.delete(name);
    } catch (error) {
      if (jetStreamCode(error) !== JETSTREAM.streamNotFound)
        throw storeError(`Stream ${name} could not be deleted`, error);
    }
    await this.connection.manager.streams
      .purge(OWNERS_STREAM, { filter: ownersSubjects(channel) })
      .catch((error: unknown) => {
        if (jetStreamCode(error) !== JETSTREAM.streamNotFound)
          throw storeError(`${OWNERS_STREAM} could not be cleared`, error);
      });
  }

  private async info(channel: DriverChannel): Promise<StreamInfo | undefined> {
    const name = streamName(channel);
    try {
      return await this.connection.manager.streams.info(name);
    } catch (error) {
      if (jetStreamCode(error) === JETSTREAM.streamNotFound) return undefined;
      throw storeError(`Stream ${name} could not be read`, error);
    }
  }

  private async make(channel: DriverChannel, asked: OwnConfig): Promise<StreamInfo> {
    try {
      return await this.connection.manager.streams.add(asked);
    } catch (error) {
      // Another process was faster, and asked for something else.
      const found = jetStreamCode(error) === JETSTREAM.streamNameInUse ? await this.info(channel) : undefined;
      if (found) return found;
      throw storeError(`Stream ${asked.name} could not be made`, error);
    }
  }

  private async repair(name: string, repair: Partial<OwnConfig>): Promise<void> {
    try {
      await this.connection.manager.streams.update(name, repair);
    } catch (error) {
      throw storeError(`Stream ${name} could not be changed`, error);
    }
  }
}
