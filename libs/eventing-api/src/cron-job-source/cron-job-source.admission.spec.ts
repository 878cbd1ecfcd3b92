import { expect, it } from 'vitest';
import { lookupOf, sentences } from '../../test/lookup-of.js';
import { admitCronJobSource } from './cron-job-source.admission.js';
import type { CronJobSource, CronJobSourceSpec } from './cron-job-source.schema.js';

const sink = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'testchannel' };
const cron = (spec: CronJobSourceSpec): CronJobSource => ({
  apiVersion: 'sources.eventing.knative.dev/v1alpha1',
  kind: 'CronJobSource',
  metadata: { name: 'tick', namespace: 'default' },
  spec,
});
const schedule = '*/5 * * * *';

it.each<[string, CronJobSourceSpec]>([
  ['a schedule', { schedule, sink }],
  ['a macro, a time zone and data', { schedule: '@daily', timeZone: 'Europe/Berlin', data: '{"a":1}', sink }],
  ['data that are no JSON', { schedule, data: 'wake up', sink }],
])('is admitted with %s', (_, spec) => {
  expect(admitCronJobSource(cron(spec), undefined, lookupOf())).toEqual({
    object: cron(spec),
    faults: [],
    warnings: [],
  });
});

it.each<[string, CronJobSourceSpec, string[]]>([
  ['no schedule', { sink }, ['spec.schedule: Required value: when to send an event']],
  [
    'a schedule and a time zone that are none',
    { schedule: '@noon', timeZone: 'Atlantis', sink },
    [
      'spec.schedule: Invalid value: "@noon": "@noon" is none of',
      'spec.timeZone: Invalid value: "Atlantis": must be the IANA name of a time zone',
    ],
  ],
  [
    'more data than an argument can hold',
    { schedule, data: 'é'.repeat(32_769), sink },
    ['spec.data: Invalid value: "65538 bytes": may not be longer than 65536 bytes'],
  ],
  ['a sink elsewhere', { schedule, sink: { ...sink, namespace: 'shop' } }, ['spec.sink.namespace: Forbidden']],
])('is refused with %s', (_, spec, faults) => {
  const outcome = admitCronJobSource(cron(spec), undefined, lookupOf());

  expect(sentences(outcome)).toEqual(faults.map((fault): unknown => expect.stringContaining(fault)));
});

it('without a sink is admitted with a warning', () => {
  const outcome = admitCronJobSource(cron({ schedule }), undefined, lookupOf());

  expect(outcome.faults).toEqual([]);
  expect(outcome.warnings).toEqual([expect.stringContaining('spec.sink is missing')]);
});

it('may change in everything', () => {
  const changed = cron({ schedule: '@hourly', timeZone: 'Asia/Tokyo', data: 'x', serviceAccountName: 'robot', sink });

  expect(admitCronJobSource(changed, cron({ schedule }), lookupOf()).faults).toEqual([]);
});
