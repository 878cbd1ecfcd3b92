import { describe, expect, it } from 'vitest';
import type { BrokerNeeds } from './broker.types.js';
import { chooseWays, parseAddresses } from './choose-ways.js';

const told = { MILLRACE_TEST_KAFKA: '127.0.0.1:9092' };

describe('ways to a broker', () => {
  it.each<[string, BrokerNeeds, Record<string, string>, string[]]>([
    ['an address comes first, then a container', {}, told, ['address', 'container', 'native']],
    ['without an address, a container comes first', {}, {}, ['container', 'native']],
    ['the address of another broker is none', {}, { MILLRACE_TEST_NATS: '127.0.0.1:4222' }, ['container', 'native']],
    ['an empty address is none', {}, { MILLRACE_TEST_KAFKA: '' }, ['container', 'native']],
    ['faults need a process of this machine', { faults: true }, told, ['native']],
    ['so do three servers', { nodes: 3 }, told, ['native']],
    ['so do credentials', { credentials: { username: 'a', password: 'b' } }, told, ['native']],
    ['so do settings', { settings: { max_payload: '2MB' } }, told, ['native']],
    ['so does a certain version', { version: '3.9.2' }, told, ['native']],
    [
      'what is said in so many words is no need',
      { nodes: 1, faults: false, version: undefined },
      {},
      ['container', 'native'],
    ],
    ['one way can be forced', {}, { ...told, MILLRACE_TEST_BROKERS: 'native' }, ['native']],
    ['a forced way does not lead to what it cannot give', { faults: true }, { MILLRACE_TEST_BROKERS: 'container' }, []],
    ['a forced address that is not told leads nowhere', {}, { MILLRACE_TEST_BROKERS: 'address' }, []],
  ])('%s', (_title, needs, environment, ways) => {
    expect(chooseWays('kafka', needs, environment)).toEqual(ways);
  });

  it('names the ways where another is forced', () => {
    expect(() => chooseWays('kafka', {}, { MILLRACE_TEST_BROKERS: 'docker' })).toThrow(
      'MILLRACE_TEST_BROKERS is docker: the ways are address, container, native.',
    );
  });
});

describe('addresses', () => {
  it('may be several, with blanks', () => {
    expect(parseAddresses('nats', 'one.test:4222, [::1]:4223')).toEqual(['one.test:4222', '[::1]:4223']);
  });

  it.each(['localhost', 'nats://localhost:4222', 'a:1,,b:2', 'a:x'])('are not %s', (text) => {
    expect(() => parseAddresses('nats', text)).toThrow('MILLRACE_TEST_NATS holds');
  });
});
