import { describe, expect, it } from 'vitest';
import type { ServerPlan } from '../native/native.types.js';
import { kafkaProperties } from './kafka-properties.js';

const alone: ServerPlan = { folder: '/run', ports: [{ client: 1, peer: 2, control: 3 }] };
const three: ServerPlan = {
  folder: '/run',
  ports: [1, 2, 3].map((server) => ({ client: server * 10, peer: server * 10 + 1, control: server * 10 + 2 })),
};

function properties(plan: ServerPlan, index: number): Record<string, string> {
  const lines = kafkaProperties(plan, index).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('one server', () => {
  it('listens on this machine only, and keeps one copy', () => {
    expect(properties(alone, 0)).toMatchObject({
      'node.id': '1',
      'log.dirs': '/run/server-1',
      listeners: 'CLIENT://127.0.0.1:1,PEER://127.0.0.1:2,CONTROLLER://127.0.0.1:3',
      'listener.security.protocol.map': 'CLIENT:PLAINTEXT,PEER:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'controller.quorum.voters': '1@127.0.0.1:3',
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
      'offsets.topic.replication.factor': '1',
    });
  });

  it('comes back soon after it was killed', () => {
    expect(Number(properties(alone, 0)['broker.session.timeout.ms'])).toBeLessThanOrEqual(2_000);
  });
});

describe('three servers', () => {
  it('vote together and keep three copies, two of them before an answer', () => {
    expect(properties(three, 2)).toMatchObject({
      'node.id': '3',
      'log.dirs': '/run/server-3',
      'controller.quorum.voters': '1@127.0.0.1:12,2@127.0.0.1:22,3@127.0.0.1:32',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    });
  });
});

describe('settings', () => {
  it('win over what there is anyway, and may have several lines', () => {
    const settings = { 'min.insync.replicas': '7', 'ssl.keystore.key': 'one\ntwo' };
    expect(properties({ ...alone, settings }, 0)).toMatchObject({
      'min.insync.replicas': '7',
      'ssl.keystore.key': String.raw`one\ntwo`,
    });
  });
});

describe('credentials', () => {
  it('are asked of clients, not of other servers', () => {
    const plan = { ...alone, credentials: { username: 'alice', password: 's3cret' } };
    expect(properties(plan, 0)).toMatchObject({
      'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,PEER:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'listener.name.client.plain.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="s3cret";',
    });
  });
});
