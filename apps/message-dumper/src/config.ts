import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  host: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Address on which events are taken.' }),
  port: Type.Integer({
    default: 8080,
    minimum: 0,
    maximum: 65_535,
    env: 'PORT',
    description: 'Port on which events are taken; 0 takes any free one.',
  }),
  verbose: Type.Boolean({ default: false, description: 'Prints every header and the whole body.' }),
  respondStatus: Type.Integer({
    default: 200,
    minimum: 200,
    maximum: 599,
    description: 'Status that events are answered with: 500 shows retries and dead letters.',
  }),
  respondDelayMs: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 600_000,
    description: 'Milliseconds before an answer: shows time-outs and a slow consumer.',
  }),
});

export type MessageDumperSettings = Static<typeof settings>;
