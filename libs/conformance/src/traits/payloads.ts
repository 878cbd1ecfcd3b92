import { expect } from 'vitest';
import type { DriverChannel, StoredEvent } from '@millrace/eventing-api';
import { deadLetters } from '../requirement/needs.js';
import {
  CLOUDEVENTS_ATTRIBUTES,
  CLOUDEVENTS_DATA,
  CLOUDEVENTS_SIZE,
  contractType,
  KNATIVE_CHANNEL,
} from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import { attributeValue } from '../subject/attribute-value.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { EngineRig } from '../subject/engine-rig.js';
import { RecordingHandler } from '../subject/recording-handler.js';
import { contentOf, legacyEvent, structuredEvent, testEvent } from '../subject/test-event.js';

/** An event that a careless store spoils. */
interface Payload {
  readonly name: string;
  /** Completes "MUST carry an event ...". */
  readonly with: string;
  readonly source: string;
  event(subject: ConformanceSubject): StoredEvent;
}

/** What every intake takes by default. */
const INTAKE_LIMIT_BYTES = 1024 * 1024;
const OCTETS = 'application/octet-stream';

const PAYLOADS: readonly Payload[] = [
  {
    name: 'binary-body',
    with: 'with a body that is not UTF-8, byte for byte',
    source: CLOUDEVENTS_DATA,
    event: () =>
      testEvent('binary-body', {
        contentType: OCTETS,
        body: Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)),
      }),
  },
  {
    name: 'empty-body',
    with: 'without data',
    source: CLOUDEVENTS_DATA,
    event: () => testEvent('empty-body', { body: Buffer.alloc(0) }),
  },
  {
    name: 'largest-body',
    with: 'of 1 MiB, or as large as it said that it takes',
    source: CLOUDEVENTS_SIZE,
    event: largestEvent,
  },
  {
    name: 'many-attributes',
    with: 'with 100 extension attributes',
    source: CLOUDEVENTS_ATTRIBUTES,
    event: () =>
      testEvent('many-attributes', {
        headers: Array.from({ length: 100 }, (_, i) => [`ce-extension${i}`, `value ${i}`]).flat(),
      }),
  },
  {
    name: 'unicode-attributes',
    with: 'with attributes beyond ASCII, percent-encoded or not',
    source: CLOUDEVENTS_ATTRIBUTES,
    event: () =>
      testEvent('unicode-attributes', {
        headers: [
          'ce-subject',
          'Euro%20%E2%82%AC%20%F0%9F%98%80',
          'ce-raw',
          '\u00c3\u00a9\u00ff',
          'ce-odd',
          '"a, b;=%25',
        ],
      }),
  },
  {
    name: 'structured',
    with: 'that came in structured, its document untouched',
    source: contractType('StoredEvent'),
    event: () => structuredEvent('structured'),
  },
  {
    name: 'old-version',
    with: 'of CloudEvents 0.1 in the version in which it came',
    source: contractType('StoredEvent'),
    event: () => legacyEvent('old-version'),
  },
  {
    name: 'transport',
    with: 'with its partition key, hops, trace context and pass-through headers',
    source: contractType('StoredEvent'),
    event: () =>
      testEvent('transport', {
        partitionKey: 'a key, with (odd) characters/.*>',
        headers: ['x-request-id', 'r-1', 'knative-extra', 'yes', 'x-b3-traceid', '463ac35c9f6413ad'],
        transport: { hops: 7, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      }),
  },
];

function largestEvent({ harness }: ConformanceSubject): StoredEvent {
  const limit = Math.min(harness.maxEventBytes ?? INTAKE_LIMIT_BYTES, INTAKE_LIMIT_BYTES);
  const { headers } = testEvent('largest-body', { contentType: OCTETS });
  const attributes = headers.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return testEvent('largest-body', { contentType: OCTETS, body: Buffer.alloc(limit - attributes, 0xfe) });
}

/** Stores the events in a Channel and compares what comes out. */
async function expectCarried(
  subject: ConformanceSubject,
  channel: DriverChannel,
  events: readonly StoredEvent[],
): Promise<void> {
  const [reader] = await subject.readyOn(channel, 'reader');
  const handler = new RecordingHandler('delivered');
  subject.consume(reader, handler);
  for (const event of events) await subject.storeIn(channel, event);
  await subject.eventually(() => expect(handler.distinctIds).toEqual(new Set(events.map(({ id }) => id))));
  for (const event of events) {
    const carried = handler.events.find(({ id }) => id === event.id) ?? event;
    expect(contentOf(carried), `the event ${event.id} as it was handed out`).toEqual(contentOf(event));
  }
}

const throughTheStore: readonly Requirement[] = PAYLOADS.map((payload) => ({
  id: `payloads/${payload.name}`,
  title: `MUST carry an event ${payload.with}`,
  source: payload.source,
  profile: 'payloads',
  check: (subject) => expectCarried(subject, subject.channel, [payload.event(subject)]),
}));

const throughTheDeadLetterPlace: Requirement = {
  id: 'dead-letters/payloads',
  title: 'MUST carry dead letters of every kind as it carries events',
  source: contractType('Capabilities'),
  profile: 'dead-letters',
  needs: deadLetters,
  check: (subject) =>
    expectCarried(
      subject,
      subject.newChannel({ purpose: 'dead-letters' }),
      PAYLOADS.map((payload) => payload.event(subject)),
    ),
};

const throughTheEngine: Requirement = {
  id: 'engine/payloads',
  title: 'MUST deliver attributes and data of every kind to the subscriber as they came in',
  source: KNATIVE_CHANNEL,
  profile: 'engine',
  async check(subject) {
    const rig = new EngineRig(subject);
    const [a] = await subject.ready('a');
    const subscriber = await rig.subscriber();
    rig.deliver(a, subscriber);
    const events = PAYLOADS.map((payload) => payload.event(subject));
    await subject.store(...events);
    for (const event of events) {
      await subject.eventually(() => {
        const isTaken = subscriber.taken.some(({ body }) => body.equals(event.body));
        expect(isTaken, `whether a subscriber got the bytes of ${event.id}`).toBe(true);
      });
      const received = subscriber.taken.find(({ id }) => id === event.id);
      if (event.mode === 'binary')
        expect(attributesIn(received?.rawHeaders ?? [])).toEqual(attributesIn(event.headers));
    }
  },
};

/** The `ce-` headers and the content type, which are the event. */
function attributesIn(headers: readonly string[]): string[] {
  return headers
    .flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${attributeValue(name, headers[index + 1] ?? '')}`] : []))
    .filter((line) => line.startsWith('ce-') || line.startsWith('content-type'))
    .sort();
}

/** Odd events. */
export const payloads: readonly Requirement[] = [...throughTheStore, throughTheDeadLetterPlace, throughTheEngine];
