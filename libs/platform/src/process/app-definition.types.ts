import type { DynamicModule } from '@nestjs/common';
import type { Static, TObject } from 'typebox';
import type { CommonDefaults, CommonSettings } from '../settings/process-settings.js';

/** The settings of an app: its own and those that every app has. */
export type AppSettings<S extends TObject> = Static<S> & CommonSettings;

/** What `runApp` needs to know of an app. */
export interface AppDefinition<S extends TObject = TObject> extends CommonDefaults {
  /** Name of the app, as in `apps/<name>`. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly description: string;
  /**
   * The app's own settings, one property each, in camelCase: strings, numbers, integers, booleans, unions of string literals, arrays of
   * strings. Each has a `description`; a `default`, unless it is optional or must be given; `secret: true` where it must not be
   * shown; `format: 'duration'` for an ISO 8601 duration; `env: 'NAME'` for a second environment variable that it is read from.
   */
  readonly settings: S;
  /** The app's module. Its providers register what starts and stops with LIFE_CYCLE. */
  module(settings: AppSettings<S>): DynamicModule | Promise<DynamicModule>;
}
