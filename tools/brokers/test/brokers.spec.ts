import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { type Broker, type BrokerName, type BrokerNeeds, findBroker } from '../src/index.js';
import { askJetStream, createKafkaTopic, isOpen, until, untilAnswered } from './raw-clients.js';

const LIMIT_MS = 300_000;
const TOPIC_CREATED = 0;
const TOPIC_EXISTS = 36;
/** Answers of a Kafka that has just started: NOT_CONTROLLER, REQUEST_TIMED_OUT, INVALID_REPLICATION_FACTOR (servers are missing). */
const NOT_YET = [41, 7, 38];

/** What JetStream says of a stream, as far as it is read here. */
interface StreamInfo {
  readonly state: { readonly messages: number };
}

let broker: Broker | undefined;

afterEach(async () => {
  await broker?.stop();
  broker = undefined;
});

async function find(context: TestContext, name: BrokerName, needs: BrokerNeeds): Promise<Broker> {
  const found = await findBroker(name, needs);
  if ('notRun' in found) return context.skip(found.notRun);
  broker = found;
  return found;
}

describe('kafka', () => {
  it.for([
    { version: '4.4.0', nodes: 1 },
    { version: '4.4.0', nodes: 3 },
    { version: '3.9.2', nodes: 1 },
  ] as const)(
    '$version with $nodes servers keeps its addresses and topics over a kill',
    { timeout: LIMIT_MS },
    async (needs, context) => {
      const { addresses, nodes, version } = await find(context, 'kafka', { ...needs, faults: true });
      expect([version, nodes.map(({ address }) => address)]).toEqual([needs.version, addresses]);
      const create = () =>
        until(async () => {
          const code = await createKafkaTopic(addresses[0]!, 'kept', needs.nodes);
          return NOT_YET.includes(code) ? undefined : code;
        });
      expect(await create()).toBe(TOPIC_CREATED);

      await Promise.all(nodes.map((node) => node.kill()));
      expect(await Promise.all(addresses.map(isOpen))).not.toContain(true);

      await Promise.all(nodes.map((node) => node.start()));
      expect(await create()).toBe(TOPIC_EXISTS);
    },
  );
});

describe('nats', () => {
  it.for([1, 3] as const)(
    'with %d servers keeps its addresses and messages over a kill',
    { timeout: LIMIT_MS },
    async (count, context) => {
      const { addresses, nodes } = await find(context, 'nats', { nodes: count, faults: true });
      expect(nodes.map(({ address }) => address)).toEqual(addresses);
      // One message, however often an acknowledgement comes too late.
      const stream = { name: 'KEPT', subjects: ['kept'], num_replicas: count, max_msgs_per_subject: 1 };
      await untilAnswered(addresses[0]!, '$JS.API.STREAM.CREATE.KEPT', stream);
      expect(await untilAnswered(addresses[0]!, 'kept', 'one')).toMatchObject({ stream: 'KEPT' });

      await Promise.all(nodes.map((node) => node.kill()));
      expect(await Promise.all(addresses.map(isOpen))).not.toContain(true);

      await Promise.all(nodes.map((node) => node.start()));
      // A server that has just come to lead may not have caught up.
      const kept = await until(async () => {
        const { state } = (await untilAnswered(addresses[0]!, '$JS.API.STREAM.INFO.KEPT', '')) as StreamInfo;
        return state.messages === 1 ? state : undefined;
      });
      expect(kept).toMatchObject({ messages: 1 });
    },
  );

  it('is silent while it is frozen', { timeout: LIMIT_MS }, async (context) => {
    const { addresses, nodes } = await find(context, 'nats', { faults: true });
    let isAnswered = false;
    nodes[0]!.freeze();
    const answer = askJetStream(addresses[0]!, '$JS.API.INFO', '').then((info) => {
      isAnswered = true;
      return info;
    });
    // Its port is open all the same: the system takes the connection.
    expect(await isOpen(addresses[0]!)).toBe(true);
    expect(isAnswered).toBe(false);
    nodes[0]!.thaw();
    expect(await answer).toMatchObject({ streams: 0 });
  });

  it('is shared in a process where nobody needs one of his own', { timeout: LIMIT_MS }, async (context) => {
    const { addresses, nodes } = await find(context, 'nats', {});
    const other = await findBroker('nats');
    expect([other, nodes]).toMatchObject([{ addresses }, []]);
    if (!('notRun' in other)) await other.stop();
    expect(await isOpen(addresses[0]!)).toBe(true);
  });
});

describe('gcp-pubsub', () => {
  it.for(['emulator', 'pstest'])(
    '%s keeps its address over a kill',
    { timeout: LIMIT_MS },
    async (version, context) => {
      const { addresses, nodes, lacks, ...found } = await find(context, 'gcp-pubsub', { version, faults: true });
      expect(found.version).toMatch(new RegExp(`^${version} \\d`));
      expect(lacks).toContain('durability');
      await nodes[0]!.kill();
      expect(await isOpen(addresses[0]!)).toBe(false);
      await nodes[0]!.start();
      expect(await isOpen(addresses[0]!)).toBe(true);
    },
  );

  it('has no stand-in of three servers', async () => {
    await expect(findBroker('gcp-pubsub', { nodes: 3 })).resolves.toEqual({
      notRun: 'gcp-pubsub: the stand-ins for Pub/Sub are a single server',
    });
  });
});
