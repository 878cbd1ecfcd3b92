import { describe, expect, it } from 'vitest';
import { acceptsJson, mediaRanges } from './accept.js';

describe('An Accept header', () => {
  it('is read with its parameters, in the order of preference', () => {
    expect(mediaRanges('text/html;q=0.5, Application/JSON;As=Table;g="meta.k8s.io";q=0.9,*/*')).toEqual([
      { type: '*/*', parameters: {} },
      { type: 'application/json', parameters: { as: 'Table', g: 'meta.k8s.io' } },
      { type: 'text/html', parameters: {} },
    ]);
  });

  it('keeps the order of the client where nothing else decides', () => {
    const types = mediaRanges('application/yaml,application/json').map(({ type }) => type);
    expect(types).toEqual(['application/yaml', 'application/json']);
  });

  it('leaves out what the client does not take', () => {
    expect(mediaRanges('application/json;q=0,text/plain').map(({ type }) => type)).toEqual(['text/plain']);
  });

  it.each([undefined, ''])('that is %j accepts JSON', (accept) => {
    expect(mediaRanges(accept).some(acceptsJson)).toBe(true);
  });
});
