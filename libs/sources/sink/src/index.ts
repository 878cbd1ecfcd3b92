export { beforeDeadline } from './before-deadline.js';
export { SOURCE_DROP_REASON_REFERENCE } from './drop-reasons.js';
export type { DropReason } from './drop-reasons.js';
export { sendUntilTaken } from './send-until-taken.js';
export type { SendOptions, SendOutcome } from './send-until-taken.js';
export { Sink } from './sink.js';
export type { PostOutcome } from './sink.js';
export { registerSourceMetrics, SourceAccount } from './source-account.js';
