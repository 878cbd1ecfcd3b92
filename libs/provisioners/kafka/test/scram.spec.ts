import { makeTestAuthority } from '@millrace/brokers';
import { silentLogger, systemClock } from '@millrace/eventing-api';
import type { Cluster } from 'kafkajs';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { KafkaClients } from '../src/kafka-clients.js';
import { kafkaOptions } from '../src/kafka-options.js';
import { brokerFor, event, eventually, newChannel, openStore, passOneEvent, RecordingLog } from './open-store.js';
import { setScramPassword, type ScramMechanism } from './scram-users.js';
import { certificateSettings, clientProtocol } from './secured-broker.js';

const ADMIN = { username: 'admin', password: 'admin-secret' };
const OURS = { username: 'millrace', password: 'our-secret' };
const OTHER: Readonly<Record<ScramMechanism, ScramMechanism>> = {
  'scram-sha-256': 'scram-sha-512',
  'scram-sha-512': 'scram-sha-256',
};

const authority = await makeTestAuthority();
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const { broker, notRun } = await brokerFor({
  credentials: ADMIN,
  settings: {
    ...clientProtocol('SASL_SSL'),
    ...certificateSettings(await authority.issue('kafka.test'), authority),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.client.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.client.scram-sha-512.sasl.jaas.config': scram,
  },
});

describe.runIf(broker)('a broker that speaks TLS and keeps no password', () => {
  if (!broker) return;
  const tls = { secretRef: { name: 'kafka-tls' } };
  const trusted = { 'kafka-tls': { 'ca.crt': authority.ca } };
  let admin: KafkaClients;
  let cluster: Cluster;

  beforeAll(() => {
    const sasl = { mechanism: 'plain', secretRef: { name: 'admin' } };
    const options = kafkaOptions({ brokers: broker.addresses, tls, sasl }, { ...trusted, admin: ADMIN });
    admin = new KafkaClients(options, { logger: silentLogger, clock: systemClock });
    cluster = admin.cluster();
  });

  afterAll(async () => {
    await cluster.disconnect();
    admin.close();
  });

  it.each<ScramMechanism>(['scram-sha-256', 'scram-sha-512'])(
    'knows us by %s, tells what is wrong in its own words, and takes us once it is right',
    async (mechanism) => {
      const logger = new RecordingLog();
      const ours = { username: `${OURS.username}-${mechanism}`, password: OURS.password };
      const driver = await openStore(broker, {
        parameters: { tls, sasl: { mechanism, secretRef: { name: 'kafka-user' } } },
        secrets: { ...trusted, 'kafka-user': ours },
        logger,
      });
      const channel = newChannel();
      const isRefused = async () => {
        const words = expect.stringMatching(/invalid credentials with SASL mechanism SCRAM-SHA-\d{3}/);
        await eventually(async () => expect(await driver.health()).toEqual({ status: 'down', message: words }));
        await expect(driver.ensureChannel(channel)).rejects.toMatchObject({ message: words });
        const published = await driver.publish(channel, event('1'), undefined);
        expect(published).toMatchObject({ outcome: 'refused', code: 'forbidden', message: words });
      };
      await isRefused();
      await setScramPassword(cluster, OTHER[mechanism], ours);
      await isRefused();
      await setScramPassword(cluster, mechanism, { ...ours, password: 'not-ours' });
      await isRefused();

      await setScramPassword(cluster, mechanism, ours);
      await eventually(async () => expect(await driver.health()).toEqual({ status: 'up' }));
      await passOneEvent(driver);
      expect(logger.lines.join('\n')).not.toContain(OURS.password);
    },
  );
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
