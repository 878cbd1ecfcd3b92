import { keepTransitionTimes, type Condition, type KubeObject, type SourceStatus } from '@millrace/eventing-api';

/** The status of a source of any kind: what was found out now, with the times of what has not changed. */
export function sourceStatus(
  source: KubeObject & { readonly status?: SourceStatus },
  conditions: readonly Condition[],
  sinkUri: string | undefined,
): SourceStatus {
  const { generation } = source.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: keepTransitionTimes(source.status?.conditions, conditions),
    ...(sinkUri === undefined ? {} : { sinkUri }),
  };
}
