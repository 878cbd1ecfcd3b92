import { type Static, Type } from 'typebox';

export const settings = Type.Object({
  schedule: Type.String({
    minLength: 1,
    description: 'When an event is sent: five cron fields, as in "*/15 * * * *", or a macro, as in @hourly.',
  }),
  timeZone: Type.String({
    default: 'UTC',
    minLength: 1,
    description: 'Time zone of the schedule, an IANA name as in Europe/Berlin.',
  }),
  data: Type.String({
    default: '',
    description: 'Data of the event: a JSON object as it stands, any other text as {"body": <the text>}.',
  }),
  namespace: Type.String({
    minLength: 1,
    description: 'Namespace of the CronJobSource, for the source of its events.',
  }),
  name: Type.String({ minLength: 1, description: 'Name of the CronJobSource, for the source of its events.' }),
  sink: Type.String({
    minLength: 1,
    pattern: '^https?://',
    env: 'SINK',
    description: 'Absolute http(s) URL that takes the CloudEvents.',
  }),
});

export type SourceCronSettings = Static<typeof settings>;
