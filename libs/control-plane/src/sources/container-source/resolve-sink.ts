import { CONTAINER_SOURCE_REASONS, type ContainerSource } from '@millrace/eventing-api';
import type { AddressResolver } from '../../addressable/address-resolver.js';
import type { NoteReference } from '../../addressable/reference-tracker.js';
import { sinkArgument } from './container-source-deployment.js';

/** Where a source sends its events, or why that is not known. */
export type SinkResolution = (
  | { readonly outcome: 'resolved'; readonly uri: string }
  | { readonly outcome: 'unresolved'; readonly reason: string; readonly message: string }
) & { readonly recheckAfterMs?: number | undefined };

/** The sink of a ContainerSource: a `--sink=` argument as it stands, else the address of `spec.sink`. */
export async function resolveSink(
  source: ContainerSource,
  addresses: AddressResolver,
  note: NoteReference,
): Promise<SinkResolution> {
  const written = sinkArgument(source);
  if (written) return { outcome: 'resolved', uri: written };
  const sink = source.spec?.sink;
  if (sink?.name === undefined) {
    const message =
      'There is no sink: set spec.sink to a Channel or another Addressable, or pass --sink=<url> in spec.args.';
    return { outcome: 'unresolved', reason: CONTAINER_SOURCE_REASONS.Missing, message };
  }
  const resolution = await addresses.resolveReference(source.metadata.namespace ?? '', sink, note);
  const { recheckAfterMs } = resolution;
  if (resolution.outcome === 'resolved') return { outcome: 'resolved', uri: resolution.url, recheckAfterMs };
  const message = `Sink: ${resolution.message}`;
  return { outcome: 'unresolved', reason: CONTAINER_SOURCE_REASONS.NotFound, message, recheckAfterMs };
}
