import { HTTP } from 'cloudevents';
import { expect, it } from 'vitest';
import { tickEvent } from './tick-event.js';

const DUE = Date.UTC(2026, 2, 7, 12, 30);
const messageOf = (data: string) => HTTP.binary(tickEvent({ namespace: 'shop', name: 'nightly', data }, DUE));

it('says which source it is of and when it was due, which is its id', () => {
  expect(messageOf('{}').headers).toEqual({
    'ce-specversion': '1.0',
    'ce-id': '2026-03-07T12:30:00.000Z',
    'ce-type': 'dev.knative.cronjob.event',
    'ce-source': '/apis/v1/namespaces/shop/cronjobsources/nightly',
    'ce-time': '2026-03-07T12:30:00.000Z',
    'content-type': 'application/json',
  });
});

it.each([
  ['a JSON object', '{"b": 12345678901234567890, "a": [1]}', '{"b": 12345678901234567890, "a": [1]}'],
  ['text', 'wake "up"', '{"body":"wake \\"up\\""}'],
  ['nothing', '', '{"body":""}'],
  ['a JSON array', '[1]', '{"body":"[1]"}'],
  ['a JSON number', '5', '{"body":"5"}'],
  ['JSON null', 'null', '{"body":"null"}'],
])('carries %s as JSON', (_, data, body) => {
  expect(messageOf(data).body).toBe(body);
});
