import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNEL, SUBSCRIPTION } from '@millrace/eventing-api';
import { expectBalanceAtRest } from './accounting.js';
import { eventually } from './eventually.js';
import { channel, channelReady, subscription, subscriptionReady } from './objects.js';
import { eventHeaders, postEvent, send } from './producer.js';
import { HOMES, type Stack } from './stack.js';

/** The same story in the same words, whatever the processes. */
describe.each(HOMES)('the first event, with $home', ({ start }) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await start();
  }, 120_000);

  afterAll(async () => {
    await stack?.stop();
  });

  it('refuses an event for a Channel that does not exist with 404 and says which', async () => {
    const answer = await postEvent(`${stack.ingress}/default/orders`, 'too-early');

    expect(answer.status).toBe(404);
    expect(answer.text).toContain('default/orders');
  });

  it('makes a Channel that names no provisioner Ready, with an address', async () => {
    await stack.client.create(CHANNEL, channel('orders'));

    const { spec, status } = await channelReady(stack.client, 'orders');

    expect(spec?.provisioner?.name).toBe('in-memory');
    expect(status?.address?.hostname).toMatch(/^orders-channel-[a-z0-9]{5}\.default\.svc\.cluster\.local$/);
    expect(status?.address?.url).toMatch(/^http:\/\//);
  });

  it('makes a Subscription Ready once all future events go to it', async () => {
    const uri = `http://127.0.0.1:${stack.dumper.ports['http'] ?? 0}/`;
    await stack.client.create(SUBSCRIPTION, subscription('dump-orders', 'orders', uri));

    await subscriptionReady(stack.client, 'dump-orders');
  });

  it('carries an event that is posted by path to the message-dumper', async () => {
    const { status } = await postEvent(`${stack.ingress}/default/orders`, 'by-path', '{"amount":12}');

    expect(status).toBe(202);
    await eventually('the dumper has printed it', () => stack.dumper.output().includes('by-path') || undefined);
    expect(stack.dumper.output()).toContain('{"amount":12}');
  });

  it('carries an event that is posted with the hostname of the Channel', async () => {
    const { status } = await channelReady(stack.client, 'orders');
    const host = status?.address?.hostname ?? '';
    const answer = await send(stack.ingress, { headers: { ...eventHeaders('by-host'), host }, body: '{}' });

    expect(answer.status).toBe(202);
    await eventually('the dumper has printed it', () => stack.dumper.output().includes('by-host') || undefined);
  });

  it('names the attribute that is missing with 400, and delivers nothing', async () => {
    const { 'ce-type': _type, ...headers } = eventHeaders('incomplete');
    const answer = await send(`${stack.ingress}/default/orders`, { headers, body: '{}' });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('type');
  });

  it('has settled every event that it accepted', async () => {
    expect(stack.dumper.output()).not.toContain('incomplete');
    expect(stack.dumper.output().match(/by-path/g)).toHaveLength(1);
    await expectBalanceAtRest(stack.apps);
  });

  it('ends each process with 0 on SIGTERM', async () => {
    const ends = await stack.stop();

    expect(Object.values(ends).every((code) => code === 0)).toBe(true);
  });
});
