import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KindRegistry } from '../registry/kind-registry.js';
import { servedKinds } from '../registry/served-kinds.js';
import { parseFieldSelector } from './field-selector.js';

const KIND = new KindRegistry(servedKinds([])).byKind('v1', 'Event')!.kind;

const event = (fields: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'orders.1', namespace: 'default' },
  involvedObject: { kind: 'Channel', name: 'orders' },
  type: 'Warning',
  ...fields,
});

function selects(text: string, object = event()): boolean {
  const selector = parseFieldSelector(KIND, text);
  if ('error' in selector) throw new Error(selector.error);
  return selector.matches(object);
}

describe('A field selector', () => {
  it.each([
    ['', true],
    ['metadata.name=orders.1', true],
    ['metadata.namespace!=default', false],
    ['involvedObject.kind=Channel,involvedObject.name==orders', true],
    ['involvedObject.kind=Channel,involvedObject.name=other', false],
    ['type!=Normal', true],
    ['reason=', true],
    ['involvedObject.uid=', true],
    ['involvedObject.uid=1', false],
  ])('%s: %s', (text, selected) => {
    expect(selects(text)).toBe(selected);
  });

  it('names the field that the kind does not offer', () => {
    expect(parseFieldSelector(KIND, 'metadata.name=x,spec.x=1')).toEqual({
      error: 'field label not supported: spec.x',
    });
  });

  it.each(['metadata.name', '=x', 'metadata.name=x\\'])('that cannot be read is told so: %s', (text) => {
    expect(parseFieldSelector(KIND, text)).toEqual({
      error: `invalid selector: '${text}'; can't understand '${text}'`,
    });
  });

  it('finds every value, once escaped, and no other', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ',', '=', '\\', '!') });
    fc.assert(
      fc.property(value, value, (reason, other) => {
        const text = `reason=${reason.replaceAll(/[\\,=]/g, '\\$&')}`;
        expect(selects(text, event({ reason }))).toBe(true);
        expect(selects(text, event({ reason: other }))).toBe(other === reason);
      }),
    );
  });
});
