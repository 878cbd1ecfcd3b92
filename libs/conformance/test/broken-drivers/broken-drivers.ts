import type { BrokenDriver } from './broken-driver.types.js';
import { accountsLeaveOutDropped } from './accounts-leave-out-dropped.js';
import { acknowledgesEarly } from './acknowledges-early.js';
import { alwaysHealthy } from './always-healthy.js';
import { answersBeforeDelivery } from './answers-before-delivery.js';
import { backlogLeavesOutInFlight } from './backlog-leaves-out-in-flight.js';
import { backlogOfTheChannel } from './backlog-of-the-channel.js';
import { believesItHasMadeIt } from './believes-it-has-made-it.js';
import { believesLateSettlements } from './believes-late-settlements.js';
import { claimsNoBacklog } from './claims-no-backlog.js';
import { claimsToBeDurable } from './claims-to-be-durable.js';
import { claimsToReplay } from './claims-to-replay.js';
import { claimsToShare } from './claims-to-share.js';
import { closesOnce } from './closes-once.js';
import { consumesAlone } from './consumes-alone.js';
import { countsFromZero } from './counts-from-zero.js';
import { countsItsBacklogSlowly } from './counts-its-backlog-slowly.js';
import { countsPauses } from './counts-pauses.js';
import { cutsLargeEvents } from './cuts-large-events.js';
import { cutsNames } from './cuts-names.js';
import { declaresForOthers } from './declares-for-others.js';
import { deletesDeadLettersToo } from './deletes-dead-letters-too.js';
import { deletesNamesakes } from './deletes-namesakes.js';
import { deletesOnce } from './deletes-once.js';
import { deletesWhatItUnderstands } from './deletes-what-it-understands.js';
import { detachDeletes } from './detach-deletes.js';
import { detachDoesNothing } from './detach-does-nothing.js';
import { detachesOnce } from './detaches-once.js';
import { doesNotPause } from './does-not-pause.js';
import { doesNotSync } from './does-not-sync.js';
import { durableWhenClosed } from './durable-when-closed.js';
import { durableWithoutReason } from './durable-without-reason.js';
import { endsWithTheOutage } from './ends-with-the-outage.js';
import { existsAlready } from './exists-already.js';
import { forgetsFiltered } from './forgets-filtered.js';
import { givesUpAfterTwenty } from './gives-up-after-twenty.js';
import { givesUpLate } from './gives-up-late.js';
import { handsOutTwice } from './hands-out-twice.js';
import { hidesDeletedChannels } from './hides-deleted-channels.js';
import { hidesItsRoom } from './hides-its-room.js';
import { hidesWhoDidNotTake } from './hides-who-did-not-take.js';
import { ignoresMaxInFlight } from './ignores-max-in-flight.js';
import { ignoresTheSignal } from './ignores-the-signal.js';
import { ignoresUpdate } from './ignores-update.js';
import { impliesWhatItRefuses } from './implies-what-it-refuses.js';
import { keepsDeletedEvents } from './keeps-deleted-events.js';
import { keepsDeletedPositions } from './keeps-deleted-positions.js';
import { keysPositionsByUid } from './keys-positions-by-uid.js';
import { leaksClaimsAfterStop } from './leaks-claims-after-stop.js';
import { losesOneInAHundred } from './loses-one-in-a-hundred.js';
import { mixesDeadLetters } from './mixes-dead-letters.js';
import { namesChannelsByName } from './names-channels-by-name.js';
import { neverAbortsClaims } from './never-aborts-claims.js';
import { neverHealthy } from './never-healthy.js';
import { neverSaysClosed } from './never-says-closed.js';
import { neverReportsNew } from './never-reports-new.js';
import { neverSaysFull } from './never-says-full.js';
import { notFoundInAnOutage } from './not-found-in-an-outage.js';
import { oneChannelAtATime } from './one-channel-at-a-time.js';
import { oneKeyAtATime } from './one-key-at-a-time.js';
import { overlooksAPastDeadline } from './overlooks-a-past-deadline.js';
import { pauseTakesBack } from './pause-takes-back.js';
import { refusesDigits } from './refuses-digits.js';
import { reordersAKey } from './reorders-a-key.js';
import { reportsDrift } from './reports-drift.js';
import { reportsNewAtFirstSight } from './reports-new-at-first-sight.js';
import { resolvesClosedOnLoss } from './resolves-closed-on-loss.js';
import { resumesAfterStop } from './resumes-after-stop.js';
import { saysFullWithoutWhen } from './says-full-without-when.js';
import { secondEnsureWipes } from './second-ensure-wipes.js';
import { servesTwoSubscriptions } from './serves-two-subscriptions.js';
import { sharesOnePool } from './shares-one-pool.js';
import { showsZeroForUnknown } from './shows-zero-for-unknown.js';
import {
  decodesBodies,
  fillsEmptyBodies,
  writesJsonAnew,
  cutsHeaders,
  writesAttributesInAscii,
  leavesOutTransport,
} from './spoils-payloads.js';
import { startsWithTheFirstConsumer } from './starts-with-the-first-consumer.js';
import { stopDoesNotWait } from './stop-does-not-wait.js';
import { stopKnowsItsFirstDeadline } from './stop-knows-its-first-deadline.js';
import { stopsOnce } from './stops-once.js';
import { subscribesToNothing } from './subscribes-to-nothing.js';
import { takesAnyField } from './takes-any-field.js';
import { takesReleaseForDone } from './takes-release-for-done.js';
import { tellsDurabilityLate } from './tells-durability-late.js';
import { throwsAtPublish } from './throws-at-publish.js';
import { throwsDeadLettersAway } from './throws-dead-letters-away.js';
import { waitsForReaders } from './waits-for-readers.js';
import { waitsForTheStoreAtPublish } from './waits-for-the-store-at-publish.js';
import { waitsForTheStoreAtStop } from './waits-for-the-store-at-stop.js';
import { waitsForTheStoreWithFigures } from './waits-for-the-store-with-figures.js';
import { waitsWithTheSlowest } from './waits-with-the-slowest.js';
import { wantsSubscribers } from './wants-subscribers.js';
import { wantsToBeAlone } from './wants-to-be-alone.js';
import { withdrawsClaims } from './withdraws-claims.js';
import { worksAfterClose } from './works-after-close.js';

/** One fault each. */
export const BROKEN_DRIVERS: readonly BrokenDriver[] = [
  accountsLeaveOutDropped,
  acknowledgesEarly,
  alwaysHealthy,
  answersBeforeDelivery,
  backlogLeavesOutInFlight,
  backlogOfTheChannel,
  believesItHasMadeIt,
  believesLateSettlements,
  claimsNoBacklog,
  claimsToBeDurable,
  claimsToReplay,
  claimsToShare,
  closesOnce,
  consumesAlone,
  countsFromZero,
  countsItsBacklogSlowly,
  countsPauses,
  cutsLargeEvents,
  cutsNames,
  declaresForOthers,
  deletesDeadLettersToo,
  deletesNamesakes,
  deletesOnce,
  deletesWhatItUnderstands,
  detachDeletes,
  detachDoesNothing,
  detachesOnce,
  doesNotPause,
  doesNotSync,
  durableWhenClosed,
  durableWithoutReason,
  endsWithTheOutage,
  existsAlready,
  forgetsFiltered,
  givesUpAfterTwenty,
  givesUpLate,
  handsOutTwice,
  hidesDeletedChannels,
  hidesItsRoom,
  hidesWhoDidNotTake,
  ignoresMaxInFlight,
  ignoresTheSignal,
  ignoresUpdate,
  impliesWhatItRefuses,
  keepsDeletedEvents,
  keepsDeletedPositions,
  keysPositionsByUid,
  leaksClaimsAfterStop,
  losesOneInAHundred,
  mixesDeadLetters,
  namesChannelsByName,
  neverAbortsClaims,
  neverHealthy,
  neverSaysClosed,
  neverReportsNew,
  neverSaysFull,
  notFoundInAnOutage,
  oneChannelAtATime,
  oneKeyAtATime,
  overlooksAPastDeadline,
  pauseTakesBack,
  refusesDigits,
  reordersAKey,
  reportsDrift,
  reportsNewAtFirstSight,
  resolvesClosedOnLoss,
  resumesAfterStop,
  saysFullWithoutWhen,
  secondEnsureWipes,
  servesTwoSubscriptions,
  sharesOnePool,
  showsZeroForUnknown,
  decodesBodies,
  fillsEmptyBodies,
  writesJsonAnew,
  cutsHeaders,
  writesAttributesInAscii,
  leavesOutTransport,
  startsWithTheFirstConsumer,
  stopDoesNotWait,
  stopKnowsItsFirstDeadline,
  stopsOnce,
  subscribesToNothing,
  takesAnyField,
  takesReleaseForDone,
  tellsDurabilityLate,
  throwsAtPublish,
  throwsDeadLettersAway,
  waitsForReaders,
  waitsForTheStoreAtPublish,
  waitsForTheStoreAtStop,
  waitsForTheStoreWithFigures,
  waitsWithTheSlowest,
  wantsSubscribers,
  wantsToBeAlone,
  withdrawsClaims,
  worksAfterClose,
];
