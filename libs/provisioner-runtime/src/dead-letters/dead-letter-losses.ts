import type { Logger, MetricLabels, MetricSample } from '@millrace/eventing-api';

/** The dead letters that were deleted with their Subscription or Channel, logged and counted: nobody has read them. */
export class DeadLetterLosses {
  private readonly counts = new Map<string, { readonly labels: MetricLabels; value: number }>();

  constructor(private readonly logger: Logger) {}

  note(
    of: { readonly namespace: string; readonly channel: string; readonly subscription: string },
    lost: number,
  ): void {
    this.logger.warn('Dead letters were deleted with their Subscription', { ...of, lost });
    const key = `${of.namespace}/${of.channel}/${of.subscription}`;
    const count = this.counts.get(key) ?? { labels: of, value: 0 };
    count.value += lost;
    this.counts.set(key, count);
  }

  samples(): Iterable<MetricSample> {
    return this.counts.values();
  }
}
