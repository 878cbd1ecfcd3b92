import { Type } from 'typebox';
import { DURATION_PATTERN } from './duration.js';

/**
 * Text that `parseDurationMs` takes, and no other: a setting of a driver. Not for CustomResourceDefinitions, as the patterns of Kubernetes know no look-ahead.
 *
 * @param description what the time is, and its default, for people
 * @param examples for people
 */
export const DurationText = (description: string, examples: string[]) =>
  Type.String({ pattern: DURATION_PATTERN, description, examples });
