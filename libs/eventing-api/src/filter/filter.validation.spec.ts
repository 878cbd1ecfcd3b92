import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION } from '../subscription/subscription.definition.js';
import { pruneUnknownFields } from '../schema/prune-unknown-fields.js';
import { validateAgainstSchema } from '../schema/validate-against-schema.js';
import { EventFilters, MAX_FILTER_DEPTH, type EventFilter } from './filter.schema.js';
import { filterFaults } from './filter.validation.js';

const created = { exact: { type: 'com.example.order.created' } };
const ONE_OF_THEM = 'exactly one of exact, prefix, suffix, all, any and not';

/** What a user hears, as from a server: of the schema, and of validation where that has nothing to say. */
function faultsOf(filters: unknown): string[] {
  const malformed = validateAgainstSchema(EventFilters, filters, 'spec.filters');
  const faults = malformed.length > 0 ? malformed : filterFaults(filters as EventFilter[], 'spec.filters');
  return faults.map(({ field, message }) => `${field}: ${message}`);
}

/** A filter within `depth` others. */
function nested(depth: number): EventFilter {
  return depth === 0 ? created : { not: nested(depth - 1) };
}

describe('filters', () => {
  it.each<[string, unknown]>([
    ['none at all', []],
    [
      'one of each dialect',
      [
        created,
        { prefix: { source: '/shop/', subject: 'a' } },
        { suffix: { type: '.created' } },
        { all: [created] },
        { any: [created, { not: created }] },
        { not: { all: [created, { any: [created] }] } },
      ],
    ],
    ['an extension', [{ exact: { tenant2: 'acme' } }]],
    ['as many within one another as there may be', [nested(MAX_FILTER_DEPTH)]],
  ])('may be %s', (_, filters) => {
    expect(faultsOf(filters)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['nothing said', [created, {}], [`spec.filters[1]: Required value: ${ONE_OF_THEM}`]],
    ['nothing said further in', [{ all: [created, {}] }], [`spec.filters[0].all[1]: Required value: ${ONE_OF_THEM}`]],
    [
      'two dialects in one',
      [{ exact: { type: 'a' }, suffix: { type: 'b' } }],
      ['spec.filters[0]: Forbidden: exact and suffix exclude each other; put each into a filter of its own'],
    ],
    [
      'CloudEvents SQL',
      [{ sql: "type = 'a'" }],
      [`spec.filters[0].sql: Forbidden: CloudEvents SQL is not supported yet; write ${ONE_OF_THEM}`],
    ],
    [
      "CloudEvents SQL under the name of Knative's Triggers, further in",
      [{ any: [created, { not: { cesql: "type = 'a'" } }] }],
      ['spec.filters[0].any[1].not.cesql: Forbidden: CloudEvents SQL is not supported yet'],
    ],
    [
      'a misspelled dialect',
      [{ exakt: { type: 'a' } }],
      [`spec.filters[0].exakt: Forbidden: unknown dialect; write ${ONE_OF_THEM}`],
    ],
    [
      'the attributes of a 2019 Trigger',
      [{ attributes: { type: 'a' } }],
      ['spec.filters[0].attributes: Forbidden: unknown dialect'],
    ],
    ['no attribute', [{ exact: {} }], ['spec.filters[0].exact: Required value: at least one attribute with its text']],
    [
      'an empty text',
      [{ prefix: { type: '' } }],
      ['spec.filters[0].prefix.type: Invalid value: "": must not be empty'],
    ],
    ['an empty text to be equal to', [{ exact: { type: '' } }], ['spec.filters[0].exact.type: Invalid value: ""']],
    [
      'an attribute in capitals',
      [{ all: [created, { exact: { eventType: 'a' } }] }],
      [
        'spec.filters[0].all[1].exact.eventType: Invalid value: "eventType": must be the name of a CloudEvents 1.0 attribute',
      ],
    ],
    [
      'a header for an attribute',
      [{ exact: { 'ce-type': 'a' } }],
      ['spec.filters[0].exact.ce-type: Invalid value: "ce-type"'],
    ],
    ['no name', [{ exact: { '': 'a' } }], ['spec.filters[0].exact[]: Invalid value: ""']],
    ['the data', [{ exact: { data: 'a' } }], ['spec.filters[0].exact.data: Invalid value: "data"']],
    ['an empty all', [{ all: [] }], ['spec.filters[0].all: Required value: at least one filter']],
    ['an empty any', [{ not: { any: [] } }], ['spec.filters[0].not.any: Required value: at least one filter']],
    ['an empty not', [{ not: {} }], [`spec.filters[0].not: Required value: ${ONE_OF_THEM}`]],
    ['a number', [{ exact: { count: 3 } }], ['spec.filters[0].exact.count: Invalid value: 3: must be of type string']],
    [
      'a number further in',
      [{ not: { exact: { count: 3 } } }],
      ['spec.filters[0].not.exact.count: Invalid value: 3: must be of type string'],
    ],
    [
      'a filter where a list has to be',
      [{ not: { all: created } }],
      ['spec.filters[0].not.all: Invalid value: {"exact":{"type":"com.example.order.created"}}: must be of type array'],
    ],
    [
      'a list where a filter has to be',
      [{ any: [{ not: [created] }] }],
      [
        'spec.filters[0].any[0].not: Invalid value: [{"exact":{"type":"com.example.order.created"}}]: must be of type object',
      ],
    ],
    ['a text for a filter', [{ all: [created, 'type'] }], ['spec.filters[0].all[1]: Invalid value: "type"']],
    ['null for a filter', [{ not: { not: null } }], ['spec.filters[0].not.not: Invalid value: null']],
    ['an object for a list', { exact: { type: 'a' } }, ['spec.filters: Invalid value']],
    [
      'too many within one another',
      [nested(MAX_FILTER_DEPTH + 1)],
      [
        `spec.filters[0]${'.not'.repeat(MAX_FILTER_DEPTH + 1)}: Forbidden: all, any and not may hold one another 16 times at most`,
      ],
    ],
    [
      'several faults, all of them',
      [{ exact: { Type: 'a', source: '' } }, { any: [{}, { sql: 'x' }] }],
      [
        'spec.filters[0].exact.Type: Invalid value: "Type"',
        'spec.filters[0].exact.source: Invalid value: ""',
        'spec.filters[1].any[0]: Required value',
        'spec.filters[1].any[1].sql: Forbidden',
      ],
    ],
  ])('are refused with %s', (_, filters, expected) => {
    expect(faultsOf(filters)).toEqual(expected.map((text): unknown => expect.stringContaining(text)));
  });

  it('are looked at no deeper than they may go, however deep they are', () => {
    expect(faultsOf([nested(5_000)])).toHaveLength(1);
  });
});

it('pruning leaves a filter as it is, so that validation hears of every dialect', () => {
  const spec = { colour: 'red', filters: [{ sql: 'x' }, { all: [{ exact: { type: 'a' }, sql: 'y' }] }] };

  expect(pruneUnknownFields(SUBSCRIPTION.schema, { spec })).toEqual({
    value: { spec: { filters: spec.filters } },
    unknownPaths: ['spec.colour'],
  });
});
