import { describe, expect, it } from 'vitest';
import { describeError } from './kafka-errors.js';
import { refusalOf } from './kafka-refusals.js';

/** As kafkajs makes them. */
const protocolError = (type: string) =>
  Object.assign(new Error(`what the broker says of ${type}`), { name: 'KafkaJSProtocolError', type });
const retriesExceeded = (cause: Error) =>
  Object.assign(new Error(cause.message, { cause }), { name: 'KafkaJSNumberOfRetriesExceeded' });
const connectionError = Object.assign(new Error('Connection error: connect ECONNREFUSED 127.0.0.1:9092'), {
  name: 'KafkaJSConnectionError',
});

describe('a failed send', () => {
  it.each([
    [protocolError('MESSAGE_TOO_LARGE'), 'too-large'],
    [retriesExceeded(protocolError('UNKNOWN_TOPIC_OR_PARTITION')), 'not-found'],
    [protocolError('TOPIC_AUTHORIZATION_FAILED'), 'forbidden'],
    [Object.assign(new Error('denied'), { name: 'KafkaJSSASLAuthenticationError' }), 'forbidden'],
    [retriesExceeded(protocolError('NOT_ENOUGH_REPLICAS')), 'unavailable'],
    [retriesExceeded(protocolError('REQUEST_TIMED_OUT')), 'timeout'],
    [retriesExceeded(connectionError), 'unavailable'],
    ['odd', 'unavailable'],
  ])('%s is %s', (error, code) => {
    expect(refusalOf(error)).toMatchObject({ outcome: 'refused', code });
  });

  it('is told in the words of the broker, wherever kafkajs hides them', () => {
    expect(describeError(retriesExceeded(protocolError('NOT_ENOUGH_REPLICAS')))).toContain('NOT_ENOUGH_REPLICAS');
    expect(describeError(retriesExceeded(connectionError))).toContain('ECONNREFUSED');
    const group = Object.assign(new Error('Error in DeleteGroups'), {
      groups: [{ groupId: 'g', error: protocolError('NON_EMPTY_GROUP') }],
    });
    expect(describeError(group)).toContain('NON_EMPTY_GROUP');
    const aggregate = Object.assign(new Error('several'), { errors: [protocolError('INVALID_CONFIG')] });
    expect(describeError(aggregate)).toContain('INVALID_CONFIG');
  });
});
