import { CHANNEL_REASONS, validateAgainstSchema, type ChannelReport } from '@millrace/eventing-api';
import { messageOf } from '../../message-of.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

/** Makes or finds what keeps the Channel's events: condition `Provisioned`. */
export class ProvisionStore implements ChannelPhase {
  readonly name = 'provision-store';

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const { openStore, hosted, channel } = draft;
    const schema = openStore.origin.provider.argumentsSchema;
    const faults = validateAgainstSchema(schema, channel.spec?.arguments ?? {}, 'spec.arguments');
    if (faults.length > 0) {
      const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join('; ');
      draft.markFalse('Provisioned', CHANNEL_REASONS.InvalidArguments, message);
      return 'end';
    }
    let report: ChannelReport;
    try {
      report = await openStore.driver.ensureChannel(hosted.driverChannel);
    } catch (error) {
      draft.markProvisionedUnknown(CHANNEL_REASONS.StoreUnavailable, messageOf(error));
      throw error;
    }
    if (report.isNew && openStore.capabilities.durable && hosted.takesEvents(channel)) hosted.loseStore();
    hosted.maxEventBytes = report.maxEventBytes;
    hosted.maxQueuedEvents = report.maxQueuedEvents;
    draft.store = Object.keys(report.store).length === 0 ? undefined : { ...report.store };
    draft.reportDrift(report.drift);
    draft.markTrue('Provisioned');
    return 'continue';
  }
}
