import { expect, it } from 'vitest';
import { answer, status } from '../../test/consumer.js';
import { DeliveryRig } from '../../test/delivery-rig.js';
import { claim, testEvent, testTarget } from '../../test/events.js';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER_TRACE = '00-11111111111111111111111111111111-2222222222222222-00';
const REPLY = { 'ce-specversion': '1.0', 'ce-id': 'R1', 'ce-source': '/reply', 'ce-type': 'answer' };

/** What the subscriber gets of an event with these headers, and the reply address of an answer with those. */
async function headersOnTheWay(eventHeaders: readonly string[], answerHeaders: Readonly<Record<string, string>> = {}) {
  await using rig = new DeliveryRig();
  const subscriber = await rig.consumer(answer(200, { ...REPLY, ...answerHeaders }, 'reply'));
  const replies = await rig.consumer(status(202));
  const delivery = rig.engine.open(testTarget({ subscriberUri: subscriber.origin, replyUri: replies.origin }));
  expect(await delivery.handle(testEvent('A1', eventHeaders), claim())).toBe('delivered');
  return { atSubscriber: subscriber.requests[0]!.headers, atReply: replies.requests[0]!.headers };
}

it.each([
  ['x-request-id', 'r-1'],
  ['retry-after', '7'],
  ['knative-hello', 'world'],
  ['x-b3-traceid', 'b3'],
  ['x-b3-sampled', '1'],
])(
  '%s goes with the event to the subscriber, and from its answer to the reply address, each its own',
  async (name, value) => {
    const passed = await headersOnTheWay([name, value]);
    expect(passed.atSubscriber[name]).toBe(value);
    expect(passed.atReply).not.toHaveProperty(name);
    const answered = await headersOnTheWay([name, value], { [name]: 'of the answer' });
    expect(answered.atReply[name]).toBe('of the answer');
  },
);

it.each(['cookie', 'authorization', 'x-forwarded-for', 'prefer', 'kn-namespace'])(
  '%s of a producer or an answer goes nowhere',
  async (name) => {
    const { atSubscriber, atReply } = await headersOnTheWay([name, 'secret'], { [name]: 'secret' });
    expect(atSubscriber[name]).not.toBe('secret');
    expect(atReply[name]).not.toBe('secret');
  },
);

it('Kn-Namespace goes to all, Prefer: reply to the subscriber alone, with a reply address or without', async () => {
  const { atSubscriber, atReply } = await headersOnTheWay([]);
  expect(atSubscriber).toMatchObject({ prefer: 'reply', 'kn-namespace': 'default' });
  expect(atReply).toMatchObject({ 'kn-namespace': 'default' });
  expect(atReply).not.toHaveProperty('prefer');
  await using rig = new DeliveryRig();
  const subscriber = await rig.consumer(status(202));
  await rig.engine.open(testTarget({ subscriberUri: subscriber.origin })).handle(testEvent(), claim());
  expect(subscriber.requests[0]!.headers['prefer']).toBe('reply');
});

it.each([
  ['goes on in a reply that brings none', {}, { traceparent: TRACE, tracestate: 'v=1' }],
  [
    'gives way to that of the answer',
    { traceparent: OTHER_TRACE },
    { traceparent: OTHER_TRACE, tracestate: undefined },
  ],
  [
    'gives way to that of the answer, state and all',
    { traceparent: OTHER_TRACE, tracestate: 'w=2' },
    { traceparent: OTHER_TRACE, tracestate: 'w=2' },
  ],
  ['is not mixed with a state that belongs to none', { tracestate: 'w=2' }, { traceparent: TRACE, tracestate: 'v=1' }],
])('the trace of an event %s', async (_, answerHeaders, expected) => {
  const { atSubscriber, atReply } = await headersOnTheWay(['traceparent', TRACE, 'tracestate', 'v=1'], answerHeaders);
  expect(atSubscriber).toMatchObject({ traceparent: TRACE, tracestate: 'v=1' });
  expect({ traceparent: atReply['traceparent'], tracestate: atReply['tracestate'] }).toEqual(expected);
});
