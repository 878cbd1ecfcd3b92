import type { Requirement } from '../requirement/requirement.types.js';
import { aborted } from '../traits/aborted.js';
import { afterClose } from '../traits/after-close.js';
import { names } from '../traits/names.js';
import { payloads } from '../traits/payloads.js';
import { twice } from '../traits/twice.js';
import { deleteChannelEndsConsumption } from './channel/delete-ends-consumption.js';
import { deleteEmptiesChannel } from './channel/delete-empties.js';
import { deleteForgetsChannel } from './channel/delete-forgets.js';
import { deleteNeverAccepted } from './channel/delete-never-accepted.js';
import { ensureAgainKeepsEvents } from './channel/ensure-again-keeps-events.js';
import { channelsOverlap } from './channel/overlapping-care.js';
import { publishBeforeEnsure } from './channel/publish-before-ensure.js';
import { reportWithoutDrift } from './channel/report-without-drift.js';
import { uidTellsApart } from './channel/uid-tells-apart.js';
import { deleteSubscriptionEndsConsumption } from './subscription/delete-ends-consumption.js';
import { deleteForgetsSubscription } from './subscription/delete-forgets.js';
import { ensureAgainKeepsPosition } from './subscription/ensure-again-keeps-position.js';
import { everyEventToEach } from './subscription/every-event-to-each.js';
import { nameKeepsPosition } from './subscription/name-keeps-position.js';
import { namesBelongToTheirChannel } from './subscription/names-belong-to-their-channel.js';
import { needsItsChannel } from './subscription/needs-its-channel.js';
import { nowLeavesOutThePast } from './subscription/now-leaves-out-the-past.js';
import { startsWhenEnsured } from './subscription/starts-when-ensured.js';
import { publishNeverRejects } from './publish/never-rejects.js';
import { publishOverlapping } from './publish/overlapping.js';
import { publishTooLarge } from './publish/too-large.js';
import { publishWithoutSubscriptions } from './publish/without-subscriptions.js';
import { deliveryCount } from './hand-out/delivery-count.js';
import { heldUntilSettled } from './hand-out/held-until-settled.js';
import { maxInFlight } from './hand-out/max-in-flight.js';
import { releasedAgainAndAgain } from './hand-out/released-again-and-again.js';
import { releasedComesAgain } from './hand-out/released-comes-again.js';
import { settledNeverAgain } from './hand-out/settled-never-again.js';
import { slowHoldsUpNobody } from './hand-out/slow-holds-up-nobody.js';
import { closedAfterStop } from './control/closed-after-stop.js';
import { lateSettlement } from './control/late-settlement.js';
import { pauseLetsFinish } from './control/pause-lets-finish.js';
import { pauseHandsOutNothing } from './control/pause.js';
import { resumeAfterStop } from './control/resume-after-stop.js';
import { stopAtTheDeadline } from './control/stop-at-the-deadline.js';
import { stopEarlierDeadline } from './control/stop-earlier-deadline.js';
import { stopWaits } from './control/stop-waits.js';
import { updateLarger } from './control/update-larger.js';
import { updateSmaller } from './control/update-smaller.js';
import { keysSideBySide } from './ordering/keys-side-by-side.js';
import { orderAfterStop } from './ordering/after-stop.js';
import { orderPerKey } from './ordering/per-key.js';
import { fromEarliest } from './replay/from-earliest.js';
import { fromTime } from './replay/from-time.js';
import { eventsOutliveTheDriver } from './durability/events-outlive-the-driver.js';
import { positionOutlivesTheDriver } from './durability/position-outlives-the-driver.js';
import { reportNew } from './durability/report-new.js';
import { durabilityTold } from './durability/told.js';
import { closedGivesWay } from './replicas/closed-gives-way.js';
import { ensuredEverywhere } from './replicas/ensured-everywhere.js';
import { replicasOrderPerKey } from './replicas/order-per-key.js';
import { overlappingCare } from './replicas/overlapping-care.js';
import { shareEvents } from './replicas/share-events.js';
import { stoppedGivesWay } from './replicas/stopped-gives-way.js';
import { backlogInFlight } from './backlog/in-flight.js';
import { backlogNotClaimed } from './backlog/not-claimed.js';
import { backlogPrompt } from './backlog/prompt.js';
import { backlogOfUnknown } from './backlog/unknown-subscription.js';
import { backlogOfWaiting } from './backlog/waiting.js';
import { accountsBalance } from './accounts/balance.js';
import { accountsOfTheGone } from './accounts/gone.js';
import { accountTerms } from './accounts/terms.js';
import { deadLettersApart } from './dead-letters/apart-from-events.js';
import { deadLettersOutliveTheChannel } from './dead-letters/outlive-the-channel.js';
import { deadLettersUnread } from './dead-letters/stored-unread.js';
import { detachGivesWay } from './detach/gives-way.js';
import { detachResumes } from './detach/resumes.js';
import { refusesForAll } from './room/refuses-for-all.js';
import { reportsItsRoom } from './room/reports-its-room.js';
import { settledMakesRoom } from './room/settled-makes-room.js';
import { hangingUpCancelsNothing } from './acknowledged/hanging-up-cancels-nothing.js';
import { namesWhoDidNotTake } from './acknowledged/names-who-did-not-take.js';
import { waitsForAll } from './acknowledged/waits-for-all.js';
import { careRejectsInOutage } from './outage/care-rejects.js';
import { consumptionGoesOn } from './outage/consumption-goes-on.js';
import { figuresSettleInOutage } from './outage/figures-settle.js';
import { healthTells } from './outage/health-tells.js';
import { opensWhileAway } from './outage/opens-while-away.js';
import { publishAnswersInOutage } from './outage/publish-answers.js';
import { restartKeepsStored } from './outage/restart-keeps-stored.js';
import { stopsWhileAway } from './outage/stops-while-away.js';
import { downAfterClose } from './health/down-after-close.js';
import { healthUp } from './health/up.js';
import { providerCapabilities } from './provider/capabilities.js';
import { providerClaims } from './provider/claims.js';
import { providerRefusesUnknownFields } from './provider/refuses-unknown-fields.js';
import { atLeastOnce } from './engine/at-least-once.js';
import { deadLetterBeforeSettlement } from './engine/dead-letter-before-settlement.js';
import { deadLetterPlace } from './engine/dead-letter-place.js';
import { orderUnderRetries } from './engine/order-under-retries.js';
import { slowSubscriber } from './engine/slow-subscriber.js';
import { stopLosesNothing } from './engine/stop-loses-nothing.js';

/** Every requirement, area by area. */
export const REQUIREMENTS: readonly Requirement[] = [
  deleteChannelEndsConsumption,
  deleteEmptiesChannel,
  deleteForgetsChannel,
  deleteNeverAccepted,
  ensureAgainKeepsEvents,
  channelsOverlap,
  publishBeforeEnsure,
  reportWithoutDrift,
  uidTellsApart,
  deleteSubscriptionEndsConsumption,
  deleteForgetsSubscription,
  ensureAgainKeepsPosition,
  everyEventToEach,
  nameKeepsPosition,
  namesBelongToTheirChannel,
  needsItsChannel,
  nowLeavesOutThePast,
  startsWhenEnsured,
  publishNeverRejects,
  publishOverlapping,
  publishTooLarge,
  publishWithoutSubscriptions,
  deliveryCount,
  heldUntilSettled,
  maxInFlight,
  releasedAgainAndAgain,
  releasedComesAgain,
  settledNeverAgain,
  slowHoldsUpNobody,
  closedAfterStop,
  lateSettlement,
  pauseLetsFinish,
  pauseHandsOutNothing,
  resumeAfterStop,
  stopAtTheDeadline,
  stopEarlierDeadline,
  stopWaits,
  updateLarger,
  updateSmaller,
  keysSideBySide,
  orderAfterStop,
  orderPerKey,
  fromEarliest,
  fromTime,
  eventsOutliveTheDriver,
  positionOutlivesTheDriver,
  reportNew,
  durabilityTold,
  closedGivesWay,
  ensuredEverywhere,
  replicasOrderPerKey,
  overlappingCare,
  shareEvents,
  stoppedGivesWay,
  backlogInFlight,
  backlogNotClaimed,
  backlogPrompt,
  backlogOfUnknown,
  backlogOfWaiting,
  accountsBalance,
  accountsOfTheGone,
  accountTerms,
  deadLettersApart,
  deadLettersOutliveTheChannel,
  deadLettersUnread,
  detachGivesWay,
  detachResumes,
  refusesForAll,
  reportsItsRoom,
  settledMakesRoom,
  hangingUpCancelsNothing,
  namesWhoDidNotTake,
  waitsForAll,
  careRejectsInOutage,
  consumptionGoesOn,
  figuresSettleInOutage,
  healthTells,
  opensWhileAway,
  publishAnswersInOutage,
  restartKeepsStored,
  stopsWhileAway,
  downAfterClose,
  healthUp,
  providerCapabilities,
  providerClaims,
  providerRefusesUnknownFields,
  atLeastOnce,
  deadLetterBeforeSettlement,
  deadLetterPlace,
  orderUnderRetries,
  slowSubscriber,
  stopLosesNothing,
  ...names,
  ...payloads,
  ...twice,
  ...aborted,
  ...afterClose,
];
