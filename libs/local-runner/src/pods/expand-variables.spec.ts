import { expect, it } from 'vitest';
import { expandVariables } from './expand-variables.js';

const variables = { SINK: 'http://a/', EMPTY: '' };

it.each([
  ['--sink=$(SINK)', '--sink=http://a/'],
  ['$(SINK)$(SINK)', 'http://a/http://a/'],
  ['[$(EMPTY)]', '[]'],
  ['$(UNKNOWN) $(constructor)', '$(UNKNOWN) $(constructor)'],
  ['$$(SINK)', '$(SINK)'],
  ['$$$(SINK)', '$http://a/'],
  ['$$$$(SINK)', '$$(SINK)'],
  ['5 $ and $SINK', '5 $ and $SINK'],
  ['$(SINK', '$(SINK'],
  ['$', '$'],
])('"%s" says "%s"', (text, expanded) => {
  expect(expandVariables(text, variables)).toBe(expanded);
});
