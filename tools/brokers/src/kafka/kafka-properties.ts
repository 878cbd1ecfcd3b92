import { join } from 'node:path';
import type { ServerPlan } from '../native/native.types.js';

const INTERNAL_TOPIC_PARTITIONS = 4;

/** Configuration of one server that is broker and controller; three make a cluster. `index` counts from 0. */
export function kafkaProperties(plan: ServerPlan, index: number): string {
  const { ports } = plan;
  const own = ports[index];
  if (!own) throw new RangeError(`There is no server ${index}.`);
  const replicas = ports.length;
  const minInSync = replicas > 1 ? replicas - 1 : 1;
  const properties: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': index + 1,
    'log.dirs': kafkaDataFolder(plan, index),
    'controller.quorum.voters': ports.map(({ control }, at) => `${at + 1}@127.0.0.1:${control}`).join(','),
    // Servers talk to each other without credentials, whatever clients have to show.
    listeners: `CLIENT://127.0.0.1:${own.client},PEER://127.0.0.1:${own.peer},CONTROLLER://127.0.0.1:${own.control}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${own.client},PEER://127.0.0.1:${own.peer}`,
    'listener.security.protocol.map': `CLIENT:${plan.credentials ? 'SASL_PLAINTEXT' : 'PLAINTEXT'},PEER:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PEER',
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': INTERNAL_TOPIC_PARTITIONS,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': INTERNAL_TOPIC_PARTITIONS,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInSync,
    'group.initial.rebalance.delay.ms': 0,
    // A killed server may come back only when its session has ended: 9 s by default.
    'broker.session.timeout.ms': 1500,
    'broker.heartbeat.interval.ms': 300,
    ...(plan.credentials && saslProperties(plan.credentials)),
    ...plan.settings,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escaped(String(value))}\n`)
    .join('');
}

/** Where the server keeps its log. */
export function kafkaDataFolder({ folder }: ServerPlan, index: number): string {
  return join(folder, `server-${index + 1}`);
}

/** As Java reads it: certificates have several lines. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function saslProperties({ username, password }: NonNullable<ServerPlan['credentials']>): Record<string, string> {
  return {
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
  };
}
