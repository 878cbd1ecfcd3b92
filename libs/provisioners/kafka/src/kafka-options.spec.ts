import { makeTestAuthority } from '@millrace/brokers';
import { validateAgainstSchema } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { KafkaArguments, kafkaOptions, KafkaParameters } from './kafka-options.js';

const brokers = ['kafka-0:9092'];

describe('parameters', () => {
  it.each([
    { brokers },
    { brokers: ['[::1]:9092', '10.0.0.1:9092'], tls: {}, sasl: { mechanism: 'plain', secretRef: { name: 's' } } },
    { brokers, channelDefaults: { numPartitions: 3, retention: 'P7D', topicConfig: { 'max.message.bytes': '9' } } },
  ])('%j are taken', (parameters) => {
    expect(validateAgainstSchema(KafkaParameters, parameters)).toEqual([]);
  });

  it.each([
    {},
    { brokers: [] },
    { brokers: ['kafka'] },
    { brokers: ['http://kafka:9092'] },
    { brokers, sasl: { mechanism: 'gssapi', secretRef: { name: 's' } } },
    { brokers, sasl: { mechanism: 'plain', username: 'u', password: 'p' } },
    { brokers, sessionTimeout: '10s' },
    { brokers, channelDefaults: { partitions: 3 } },
  ])('%j are refused', (parameters) => {
    expect(validateAgainstSchema(KafkaParameters, parameters)).not.toEqual([]);
  });

  it('find their Secrets', async () => {
    const parameters = {
      brokers,
      tls: { secretRef: { name: 'kafka-tls' }, serverName: 'kafka' },
      sasl: { mechanism: 'scram-sha-512', secretRef: { name: 'kafka-user' } },
    };
    const { ca } = await makeTestAuthority();
    const secrets = { 'kafka-tls': { 'ca.crt': ca }, 'kafka-user': { username: 'u', password: 'p' } };
    expect(kafkaOptions(parameters, secrets)).toMatchObject({
      tls: { ca, servername: 'kafka', rejectUnauthorized: true },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
      sessionTimeoutMs: 10_000,
    });
    expect(() => kafkaOptions(parameters, { ...secrets, 'kafka-user': { username: 'u' } })).toThrow(
      'kafka-user has no password',
    );
  });
});

describe('a session', () => {
  it.each(['PT0S', 'PT0.5S'])('of %s is refused', (sessionTimeout) => {
    expect(() => kafkaOptions({ brokers, sessionTimeout }, {})).toThrow('must be PT1S or more');
  });
});

describe('arguments', () => {
  it.each([
    {},
    { numPartitions: 1 },
    { retention: 'P1DT12H' },
    { retention: 'PT0.5S' },
    { retention: 'PT1,5H' },
    { topicConfig: { 'a.b': 'c' } },
  ])('%j are taken', (given) => {
    expect(validateAgainstSchema(KafkaArguments, given)).toEqual([]);
  });

  it.each([
    { numPartitions: 0 },
    { numPartitions: '4' },
    { retention: '1h' },
    { retention: 'P' },
    { retention: 'P1DT' },
    { retention: 'P1Y' },
    { topicConfig: { 'a.b': 1 } },
    { NumPartitions: 1 },
  ])('%j are refused', (given) => {
    expect(validateAgainstSchema(KafkaArguments, given)).not.toEqual([]);
  });
});
