import { Type, type Static } from 'typebox';
import { StringMap } from '../meta/schema-parts.js';

const Attributes = (description: string) => Type.Optional(StringMap({ description }));

/**
 * One filter expression in a dialect of the CloudEvents Subscriptions API 1.0 (section 3.2.4.1): exactly one of its members is set. The dialect `sql` is not
 * supported. A structural schema cannot refer to itself, so that what `all`, `any` and `not` hold is checked by validation alone.
 */
export interface EventFilter {
  readonly exact?: Readonly<Record<string, string>>;
  readonly prefix?: Readonly<Record<string, string>>;
  readonly suffix?: Readonly<Record<string, string>>;
  readonly all?: readonly EventFilter[];
  readonly any?: readonly EventFilter[];
  readonly not?: EventFilter;
}

/** How often `all`, `any` and `not` may hold one another. */
export const MAX_FILTER_DEPTH = 16;

const NestedFilter = Type.Unsafe<EventFilter>({
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  description: 'A filter again.',
});

export const EventFilterSchema = Type.Unsafe<EventFilter>(
  Type.Object(
    {
      exact: Attributes('Each of these attributes has exactly this value.'),
      prefix: Attributes('Each of these attributes begins with this text.'),
      suffix: Attributes('Each of these attributes ends with this text.'),
      all: Type.Optional(Type.Array(NestedFilter, { description: 'Every one of these filters says yes.' })),
      any: Type.Optional(Type.Array(NestedFilter, { description: 'At least one of these filters says yes.' })),
      not: Type.Optional(NestedFilter),
    },
    {
      description:
        'A filter of the CloudEvents Subscriptions API: exactly one of exact, prefix, suffix, all, any and not.',
      // So that validation can tell what it thinks of other dialects, here as in what all, any and not hold.
      'x-kubernetes-preserve-unknown-fields': true,
    },
  ),
);

/** The filters of a Subscription: an event is delivered if every one of them says yes; none = every event. */
export const EventFilters = Type.Array(EventFilterSchema, {
  description: 'An event is delivered if every one of these filters says yes. Default: every event is.',
});
export type EventFilters = Static<typeof EventFilters>;
