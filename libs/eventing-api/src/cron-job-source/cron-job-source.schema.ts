import { Type, type Static } from 'typebox';
import { SourceStatus } from '../container-source/container-source.schema.js';
import { customResource } from '../kinds/custom-resource.schema.js';
import { ObjectReference } from '../meta/object-reference.schema.js';

export const CronJobSourceSpec = Type.Object(
  {
    schedule: Type.Optional(
      Type.String({
        description:
          'When an event is sent: five fields (minute, hour, day of month, month, day of week), as in "*/15 * * * *", or @hourly, @daily, @weekly, @monthly, @yearly.',
      }),
    ),
    timeZone: Type.Optional(
      Type.String({ description: 'Time zone of the schedule, an IANA name as in Europe/Berlin. Default: UTC.' }),
    ),
    data: Type.Optional(
      Type.String({
        description:
          'Data of the event: a JSON object as it stands, any other text as {"body": <the text>}. At most 65536 bytes.',
      }),
    ),
    serviceAccountName: Type.Optional(Type.String({ description: 'ServiceAccount of the receive adapter.' })),
    sink: Type.Optional(ObjectReference),
  },
  { description: 'When events are sent, what is in them, and where to.' },
);
export type CronJobSourceSpec = Static<typeof CronJobSourceSpec>;

/** Sends an event at each time of a schedule (Knative Eventing Sources v0.4 `cronjobsource_types.go`). */
export const CronJobSource = customResource(
  'A CronJobSource sends a CloudEvent to a sink at each time of a schedule.',
  CronJobSourceSpec,
  SourceStatus,
);
export type CronJobSource = Static<typeof CronJobSource>;
