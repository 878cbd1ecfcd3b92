import { attributeReader } from '@millrace/cloudevents-http';
import type { EventFilter, StoredEvent } from '@millrace/eventing-api';

/** Whether an event is wanted. */
export type EventPredicate = (event: StoredEvent) => boolean;

/** Whether the value of an attribute is as a dialect wants it. */
type Comparison = (value: string, wanted: string) => boolean;

/**
 * Makes one function of the filters of a Subscription, to be called for every event: true if every filter says yes. Undefined where there is nothing to
 * filter. Dialects exact, prefix, suffix, all, any and not (CloudEvents Subscriptions API 1.0 section 3.2.4.1): values are compared as canonical strings, case
 * counts, an attribute that the event does not have makes its comparison false. What admission refuses has a meaning here too, since data planes must
 * not stop for one bad entry: members of one expression are joined by "and", and those that nobody knows are left out.
 */
export function compileFilters(filters: readonly EventFilter[] | undefined): EventPredicate | undefined {
  return filters === undefined || filters.length === 0 ? undefined : everyOf(filters.map(compileFilter));
}

function compileFilter(filter: EventFilter): EventPredicate {
  const { exact, prefix, suffix, all, any, not } = filter;
  const members = [
    ...compareEach(exact, (value, wanted) => value === wanted),
    ...compareEach(prefix, (value, wanted) => value.startsWith(wanted)),
    ...compareEach(suffix, (value, wanted) => value.endsWith(wanted)),
    ...(all ?? []).map(compileFilter),
    ...(any === undefined ? [] : [anyOf(any.map(compileFilter))]),
    ...(not === undefined ? [] : [negated(compileFilter(not))]),
  ];
  return everyOf(members);
}

function compareEach(attributes: Readonly<Record<string, string>> | undefined, compare: Comparison): EventPredicate[] {
  return Object.entries(attributes ?? {}).map(([name, wanted]) => {
    const read = attributeReader(name);
    return (event) => {
      const value = read(event);
      return value !== undefined && compare(value, wanted);
    };
  });
}

function everyOf(predicates: readonly EventPredicate[]): EventPredicate {
  const [only] = predicates;
  if (only !== undefined && predicates.length === 1) return only;
  return (event) => predicates.every((predicate) => predicate(event));
}

function anyOf(predicates: readonly EventPredicate[]): EventPredicate {
  return (event) => predicates.some((predicate) => predicate(event));
}

function negated(predicate: EventPredicate): EventPredicate {
  return (event) => !predicate(event);
}
