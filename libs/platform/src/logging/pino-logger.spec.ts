import { describe, expect, it } from 'vitest';
import { createLogger, type LogOptions } from './pino-logger.js';
import { NestLogger } from './nest-logger.js';

function logOf(options: Partial<LogOptions> = {}) {
  let written = '';
  const stream = {
    write(text: string) {
      written += text;
    },
  };
  const logger = createLogger({ app: 'sample', level: 'info', format: 'json', stream, ...options });
  return {
    logger,
    text: () => written,
    first: () => JSON.parse(written.split('\n')[0] ?? '') as Record<string, unknown>,
  };
}

describe('the log of an app', () => {
  it('is one JSON object a line with level, time, app, message and fields, those of the child included', () => {
    const { logger, first } = logOf();
    logger.child({ component: 'ingress' }).warn('Slow', { channel: 'default/a' });
    expect(first()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      app: 'sample',
      component: 'ingress',
      channel: 'default/a',
      msg: 'Slow',
    });
  });

  it('leaves out what is less important than its level', () => {
    const { logger, text } = logOf({ level: 'warn' });
    logger.info('not said');
    logger.debug('not said');
    expect(text()).toBe('');
  });

  it('tells an error with type, message, stack and cause', () => {
    const { logger, first } = logOf();
    logger.error('Failed', { error: new TypeError('outer', { cause: new Error('inner') }) });
    expect(first()['error']).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('pino-logger.spec.ts'),
      cause: { message: 'inner' },
    });
  });

  it('is one readable line when it is for people', () => {
    const { logger, text } = logOf({ format: 'pretty' });
    logger.info('Ready', { port: 7641 });
    expect(text()).toMatch(/^\[[\d:.]+\] INFO: Ready \{"port":7641\}\n$/);
  });

  it('has what Nest says of its start only at debug', () => {
    const { logger, text } = logOf();
    const nest = new NestLogger(logger);
    nest.log('Nest application successfully started');
    expect(text()).toBe('');
    nest.error(new Error('broken controller'));
    expect(text()).toContain('broken controller');
  });
});
