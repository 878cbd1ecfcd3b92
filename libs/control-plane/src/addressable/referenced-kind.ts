import {
  CHANNEL,
  KNATIVE_SERVICE,
  SERVICE,
  apiVersionOf,
  type ObjectReference,
  type ResourceKind,
} from '@millrace/eventing-api';

/** Kinds whose changes the control plane watches; any other kind is looked at again from time to time. */
const WATCHED_KINDS: readonly ResourceKind[] = [CHANNEL, SERVICE, KNATIVE_SERVICE];

/** The watched kind that a reference names; undefined for any other. */
export function watchedKind({ apiVersion, kind }: ObjectReference): ResourceKind | undefined {
  return WATCHED_KINDS.find((watched) => watched.kind === kind && apiVersionOf(watched) === apiVersion);
}

/** How a reference reads in a message: `Service.serving.knative.dev "message-dumper"`. */
export function describeReference({ apiVersion = '', kind = '', name = '' }: ObjectReference): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0] ?? ''}` : '';
  return `${kind}${group} "${name}"`;
}
