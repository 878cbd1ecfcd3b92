import { expect } from 'vitest';
import { consumptionContract, contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { noDeadline } from '../../subject/waiting.js';

/** More than stores that count hand-outs bear by themselves: 5 to 20. */
const RELEASES = 25;

export const releasedAgainAndAgain: Requirement = {
  id: 'hand-out/released-again-and-again',
  title: 'MUST hand out a released event again however often it is released, to this consumption and to the next',
  source: `${contractType('Settlement')}; ${consumptionContract('resume')}`,
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    let handler = new RecordingHandler();
    let consumption = subject.consume(a, handler);
    await subject.store('1');
    const expectInHand = (releases: number) =>
      subject.eventually(() => {
        consumption.resume();
        expect(handler.inFlight, `events in hand after ${releases} releases`).toBe(1);
      });
    for (let releases = 0; releases < RELEASES; releases++) {
      await expectInHand(releases);
      if (releases % 2 === 0) {
        handler.settleNext('release');
        continue;
      }
      handler.settleAll('release');
      await subject.within(consumption.stop(noDeadline()), 'stop after a release');
      handler = new RecordingHandler();
      consumption = subject.consume(a, handler);
    }
    await expectInHand(RELEASES);
  },
};
