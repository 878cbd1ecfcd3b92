import { describe, expect, it } from 'vitest';
import { readCommand } from './read-command.js';

describe('a command', () => {
  it('is for all brokers where none is named', () => {
    expect(readCommand(['install'])).toMatchObject({ command: 'install', names: ['kafka', 'nats', 'gcp-pubsub'] });
  });

  it('takes a version and a port for one broker', () => {
    expect(readCommand(['up', 'kafka', '--version', '3.9.2', '--port', '19092'])).toEqual({
      command: 'up',
      names: ['kafka'],
      version: '3.9.2',
      port: 19_092,
    });
  });

  it('may ask for help, whatever else is said', () => {
    expect(readCommand(['--help', 'nonsense']).command).toBe('help');
  });
});

describe('what means nothing is told with what would', () => {
  it.each<[string[], string]>([
    [[], 'What is to be done: name one of install, up, down, status'],
    [['restart'], 'There is no command restart: name one of install, up, down, status'],
    [['up', 'rabbitmq'], 'There is no broker rabbitmq: name one or more of kafka, nats, gcp-pubsub'],
    [['install', 'kafka', '--version', '2.8'], 'There is no kafka 2.8 here: name one of 4.4.0, 3.9.2.'],
    [['install', '--version', '3.9.2'], '--version goes with one broker: name one of kafka, nats, gcp-pubsub.'],
    [['down', 'kafka', '--version', '3.9.2'], '--version goes with install or up, not with down.'],
    [['install', 'kafka', '--port', '9092'], '--port goes with up, not with install.'],
    [['up', 'kafka', '--port', 'nine'], '--port is nine: a port is a number from 1 to 65535.'],
    [['up', '--fast'], "Unknown option '--fast'"],
  ])('%j', (args, message) => {
    expect(() => readCommand(args)).toThrow(message);
  });
});
