import type { LogFields, Logger } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { kafkaJsLog } from './kafka-log.js';

const lines: string[] = [];
const note = (level: string) => (message: string, fields?: LogFields) => {
  lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
};
const logger: Logger = {
  debug: note('debug'),
  info: note('info'),
  warn: note('warn'),
  error: note('error'),
  child: () => logger,
};

it('tells what kafkajs says with the reason, once a minute, and at debug what whoever asked is told anyway', () => {
  const clock = new ManualClock();
  let isClosed = false;
  const log = kafkaJsLog(logger, clock, () => isClosed)(kafkajs.logLevel.WARN);
  const say = (message: unknown, error?: unknown) =>
    log({
      namespace: 'Connection',
      level: kafkajs.logLevel.ERROR,
      label: 'ERROR',
      log: { timestamp: '', message: message as string, error, broker: 'b:9092', secret: 'not ours to tell' },
    });
  const place = '"part":"Connection","broker":"b:9092"';
  for (let time = 0; time < 2; time++) say('Connection error: reset', 'ECONNRESET');
  say('Connection error: reset', 'EPIPE');
  say('Response Metadata(key: 3, version: 6)', 'This server does not host this topic-partition');
  say(new Error('no broker'), { an: 'object' });
  expect(lines.splice(0)).toEqual([
    `warn kafkajs: Connection error: reset {${place},"reason":"ECONNRESET"}`,
    `warn kafkajs: Connection error: reset {${place},"reason":"EPIPE"}`,
    `debug kafkajs: Response Metadata(key: 3, version: 6) {${place},"reason":"This server does not host this topic-partition"}`,
    `warn kafkajs: Error: no broker {${place}}`,
  ]);
  clock.advance(60_000);
  say('Connection error: reset', 'EPIPE');
  expect(lines).toHaveLength(1);
  isClosed = true;
  say('Connection error: The store is closed');
  expect(lines).toHaveLength(1);
});
