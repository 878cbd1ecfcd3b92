import { type CronSchedule, isTimeZone, readCronSchedule } from '@millrace/eventing-api';
import { type AppDefinition, runApp } from '@millrace/platform';
import { CronAdapterModule } from '@millrace/sources-cron';
import { type DynamicModule, Module } from '@nestjs/common';
import { type SourceCronSettings, settings } from './config.js';

@Module({})
class SourceCronModule {
  static register(options: SourceCronSettings): DynamicModule {
    const { namespace, name, data, sink } = options;
    return {
      module: SourceCronModule,
      imports: [CronAdapterModule.register({ namespace, name, data, sink, schedule: scheduleOf(options) })],
    };
  }
}

/** Throws a sentence that says what is wrong: the process cannot start with it. */
function scheduleOf({ schedule, timeZone }: SourceCronSettings): CronSchedule {
  if (!isTimeZone(timeZone)) throw new Error(`timeZone is "${timeZone}": no such time zone is known`);
  const reading = readCronSchedule(schedule, timeZone);
  if (reading.outcome === 'invalid') throw new Error(`schedule is "${schedule}": ${reading.message}`);
  return reading.schedule;
}

export const app: AppDefinition<typeof settings> = {
  name: 'source-cron',
  description: 'Receive adapter of CronJobSource: sends a CloudEvent at each time of a schedule.',
  settings,
  managementPort: 7672,
  module: (options) => SourceCronModule.register(options),
};

export const start = () => runApp(app);
