import type { Capabilities, ChannelDriver, ChannelDriverProvider } from '@millrace/eventing-api';

/** A driver that breaks something on purpose. */
export interface BrokenDriver {
  /** What is wrong with it, as a sentence without subject: `calls an event stored before it is`. */
  readonly fault: string;
  /** What it is made of: the in-memory driver (`acknowledged`: as `in-memory-channel`), or the log of this test. */
  readonly madeOf: 'in-memory' | 'acknowledged' | 'log';
  /** What it declares beyond that. */
  readonly claims?: Partial<Capabilities> | undefined;
  /** The requirements whose sentence it breaks. */
  readonly foundOutBy: readonly string[];
  /** The requirements that cannot be met without those. These two are all that it fails. */
  readonly alsoFails?: readonly string[] | undefined;
  readonly breakDriver: (inner: ChannelDriver) => ChannelDriver;
  /** Where what is wrong is what it says of itself. */
  readonly breakProvider?: ((inner: ChannelDriverProvider) => ChannelDriverProvider) | undefined;
}
