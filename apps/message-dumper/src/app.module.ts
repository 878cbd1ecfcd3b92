import { type Clock, CLOCK, LIFE_CYCLE, type LifeCycle } from '@millrace/eventing-api';
import { type AppDefinition, runApp } from '@millrace/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { type MessageDumperSettings, settings } from './config.js';
import { DumperServer } from './dumper-server.js';

@Module({})
class MessageDumperModule {
  static register(options: MessageDumperSettings): DynamicModule {
    return {
      module: MessageDumperModule,
      providers: [
        {
          provide: DumperServer,
          inject: [CLOCK, LIFE_CYCLE],
          useFactory: (clock: Clock, lifeCycle: LifeCycle) => {
            const server = new DumperServer(options, clock, (text) => process.stdout.write(text));
            lifeCycle.register(server);
            return server;
          },
        },
      ],
    };
  }
}

export const app: AppDefinition<typeof settings> = {
  name: 'message-dumper',
  description: 'The sample consumer: prints the CloudEvents that it gets.',
  settings,
  managementPort: 7671,
  // Its log is for events.
  logLevel: 'warn',
  module: (options) => MessageDumperModule.register(options),
};

export const start = () => runApp(app);
