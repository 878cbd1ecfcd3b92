import { silentLogger, systemClock, validateAgainstSchema, type DriverChannel } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { channelOptions, gcpPubSubOptions, GcpPubSubArguments, GcpPubSubParameters } from './gcp-pubsub-options.js';
import { gcpPubSubDriverProvider } from './gcp-pubsub-provider.js';

const channel = (args: DriverChannel['arguments'], purpose: DriverChannel['purpose'] = 'events'): DriverChannel => ({
  ...{ namespace: 'default', name: 'orders', uid: 'u', purpose, arguments: args },
});

describe('the parameters of a store', () => {
  it('are the project, and what has a default', () => {
    expect(validateAgainstSchema(GcpPubSubParameters, { project: 'shop' })).toEqual([]);
    expect(gcpPubSubOptions({ project: 'shop' }, {})).toEqual({
      ...{ project: 'shop', credentials: undefined, endpoint: 'pubsub.googleapis.com:443' },
      ...{ isEmulator: false, ackDeadlineSeconds: 30 },
    });
  });

  it.each([
    ['no project', {}],
    ['an endpoint that is none of Google', { project: 'shop', endpoint: 'pubsub.example.com' }],
    ['an emulator without a port', { project: 'shop', emulator: 'localhost' }],
    ['a duration of another kind', { project: 'shop', ackDeadline: '30s' }],
    ['a duration without its unit', { project: 'shop', ackDeadline: 'PT30' }],
    ['a field that means nothing', { project: 'shop', topic: 'x' }],
  ])('are refused: %s', (_, parameters) => {
    expect(validateAgainstSchema(GcpPubSubParameters, parameters)).not.toEqual([]);
  });

  it('name the Secret and the key where the credentials are', () => {
    const key = JSON.stringify({ client_email: 'm@shop', private_key: 'PRIVATE', project_id: 'other' });
    const credentials = { secretRef: { name: 'google', key: 'account.json' } };
    expect(validateAgainstSchema(GcpPubSubParameters, { project: 'shop', credentials })).toEqual([]);
    const options = gcpPubSubOptions({ project: 'shop', credentials }, { google: { 'account.json': key } });
    expect(options.credentials).toEqual({ client_email: 'm@shop', private_key: 'PRIVATE' });
  });

  it.each([
    ['has no such key', {}],
    ['holds no JSON', { 'key.json': 'PRIVATE' }],
    ['holds other JSON', { 'key.json': '{"private_key":"PRIVATE"}' }],
  ])('cannot work where the Secret %s, and the message says nothing of what it holds', async (_, google) => {
    const credentials = { secretRef: { name: 'google' } };
    const context = { logger: silentLogger, clock: systemClock };
    const opening = gcpPubSubDriverProvider.open({ project: 'shop', credentials }, { google }, context);
    const error = await opening.catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain('google');
    expect((error as Error).message).not.toContain('PRIVATE');
  });

  it('keep to what Pub/Sub takes', () => {
    expect(() => gcpPubSubOptions({ project: 'shop', ackDeadline: 'PT5S' }, {})).toThrow(/10 s to 600 s/);
    expect(() => gcpPubSubOptions({ project: 'p', emulator: 'h:1', endpoint: 'e.googleapis.com' }, {})).toThrow(
      /neither/,
    );
  });

  it('make an emulator start nothing in the past', () => {
    expect(gcpPubSubDriverProvider.capabilities.replay).toEqual(['earliest', 'time']);
    expect(gcpPubSubDriverProvider.capabilitiesFor?.({ project: 'shop', emulator: 'localhost:8085' }).replay).toEqual(
      [],
    );
  });
});

describe('the arguments of a Channel', () => {
  it('are all optional', () => {
    expect(channelOptions(channel({}), false)).toEqual({ retentionSeconds: 604_800, labels: {}, region: undefined });
  });

  it('are checked', () => {
    const faults = (args: object) => validateAgainstSchema(GcpPubSubArguments, args).map(({ field }) => field);
    expect(faults({ retention: 'P1D', labels: { team: 'a-1' }, region: 'europe-west1' })).toEqual([]);
    expect(faults({ retention: 'a day' })).toEqual(['retention']);
    expect(faults({ region: 'everywhere' })).toEqual(['region']);
    expect(faults({ labels: { Team: 'a' } })).not.toEqual([]);
    expect(faults({ labels: { team: 'A' } })).not.toEqual([]);
  });

  it('bound the retention as Pub/Sub does, and keep dead letters for as long as that can be', () => {
    expect(() => channelOptions(channel({ retention: 'PT1M' }), false)).toThrow(/600 s/);
    expect(() => channelOptions(channel({ retention: 'P32D' }), false)).toThrow(/2678400 s/);
    expect(channelOptions(channel({ retention: 'P1D' }, 'dead-letters'), false).retentionSeconds).toBe(2_678_400);
  });
});
