import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.js';

type Labels = Record<string, string>;

function selects(text: string, labels: Labels | undefined): boolean {
  const selector = parseLabelSelector(text);
  if ('error' in selector) throw new Error(selector.error);
  return selector.matches(labels);
}

describe('A label selector', () => {
  const labels = { app: 'web', tier: '', 'example.com/team': 'a' };

  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['! missing', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['tier=', true],
    ['app=', false],
    ['app in (db, web)', true],
    ['app in (db)', false],
    ['missing notin (db)', true],
    ['app notin (web)', false],
    ['example.com/team=a,app', true],
    ['app=web,app=db', false],
    ['in', false],
    ['constructor', false],
  ])('%s: %s', (text, selected) => {
    expect(selects(text, labels)).toBe(selected);
  });

  it('selects nothing by value from an object without labels', () => {
    expect(selects('app=web', undefined)).toBe(false);
    expect(selects('!app', undefined)).toBe(true);
  });

  it.each([
    ['app=web,', ''],
    ['app web', 'app web'],
    ['app in web', 'app in web'],
    ['a,app in (web', 'app in (web'],
    ['app=web)', 'app=web)'],
    ['-app=web', '-app=web'],
    ['app=a/b,b', 'app=a/b'],
  ])('that cannot be read is told so: %s', (text, part) => {
    expect(parseLabelSelector(text)).toEqual({ error: `unable to parse requirement: '${part}'` });
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);
const labelsOf = fc.dictionary(word, word, { maxKeys: 4 });

describe('Whatever the labels', () => {
  it('every object is selected by its own labels', () => {
    fc.assert(
      fc.property(labelsOf, (labels) => {
        const text = Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(',');
        expect(selects(text, labels)).toBe(true);
      }),
    );
  });

  it.each([
    ['key=value and key!=value', (key: string, value: string) => [`${key}=${value}`, `${key}!=${value}`]],
    ['key and !key', (key: string) => [key, `!${key}`]],
    ['in and notin', (key: string, value: string) => [`${key} in (${value},x)`, `${key} notin (${value},x)`]],
  ])('%s select opposite objects', (_name, pair) => {
    fc.assert(
      fc.property(labelsOf, word, word, (labels, key, value) => {
        const [one, other] = pair(key, value);
        expect(selects(one!, labels)).toBe(!selects(other!, labels));
      }),
    );
  });

  it('a list of requirements selects what each of them selects', () => {
    const requirement = fc
      .tuple(word, word, fc.constantFrom('=', '==', '!='))
      .map(([key, value, operator]) => `${key}${operator}${value}`);
    fc.assert(
      fc.property(labelsOf, fc.array(requirement, { minLength: 1, maxLength: 4 }), (labels, requirements) => {
        const each = requirements.every((text) => selects(text, labels));
        expect(selects(requirements.join(' , '), labels)).toBe(each);
      }),
    );
  });

  it('no text makes the parser throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '1', '=', '!', ',', '(', ')', ' ', 'in') }),
        (text) => void parseLabelSelector(text),
      ),
    );
  });
});
