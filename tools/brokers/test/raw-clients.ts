import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 50;
/** A request that comes before a leader is elected is dropped. */
const ANSWER_LIMIT_MS = 1_000;
const CREATE_TOPICS = 19;

function connectTo(address: string): Promise<Socket> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Whether somebody listens there. */
export async function isOpen(address: string): Promise<boolean> {
  try {
    (await connectTo(address)).destroy();
    return true;
  } catch {
    return false;
  }
}

/** Asks a NATS server until JetStream's API says what is no error; the limit is the test's. */
export function untilAnswered(address: string, subject: string, body: object | string): Promise<object> {
  return until(async () => {
    const answer = await askJetStream(address, subject, body, ANSWER_LIMIT_MS).catch(() => undefined);
    return answer && !('error' in answer) ? answer : undefined;
  });
}

/** Asks a NATS server by hand, as its protocol is text; the answer is what JetStream's API says. */
export async function askJetStream(
  address: string,
  subject: string,
  body: object | string,
  limitMs = 0,
): Promise<object> {
  const socket = await connectTo(address);
  socket.setTimeout(limitMs, () => socket.destroy());
  try {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    socket.write(
      `CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB ${subject} answer ${Buffer.byteLength(text)}\r\n${text}\r\n`,
    );
    const received = await readUntil(socket, (bytes) => /MSG answer 1 \d+\r\n(.*)\r\n/.test(bytes.toString()));
    return JSON.parse(/MSG answer 1 \d+\r\n(.*)\r\n/.exec(received.toString())?.[1] ?? '') as object;
  } finally {
    socket.destroy();
  }
}

/** Creates a topic as Kafka's protocol has it (CreateTopics, version 2); the answer is its error code: 0 = created, 36 = exists. */
export async function createKafkaTopic(address: string, topic: string, replicas: number): Promise<number> {
  const head = [int16(CREATE_TOPICS), int16(2), int32(1), string('test')];
  const body = [int32(1), string(topic), int32(1), int16(replicas), int32(0), int32(0), int32(10_000), Buffer.of(0)];
  const request = Buffer.concat([...head, ...body]);
  const socket = await connectTo(address);
  try {
    socket.write(Buffer.concat([int32(request.length), request]));
    const answer = await readUntil(socket, (bytes) => bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0));
    // Length, correlation id, throttle time, number of topics; then the name and the code.
    const name = 16;
    return answer.readInt16BE(name + 2 + answer.readInt16BE(name));
  } finally {
    socket.destroy();
  }
}

/** Asks until there is an answer; the limit is the test's. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(RETRY_MS);
  }
}

async function readUntil(socket: Socket, isWhole: (bytes: Buffer) => boolean): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer]);
    if (isWhole(received)) return received;
  }
  throw new Error(`The server hung up after: ${received.toString()}`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
}
