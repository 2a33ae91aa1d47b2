import type { FindCriteria } from '../../../../src/query/index.js';
import { resolveCriteria } from '../../../../src/query/index.js';
import type { Thing } from '../metadata.js';
import { thing, thingMetadata } from '../metadata.js';

const metadata = thingMetadata();
const resolve = (criteria: unknown) => resolveCriteria(metadata, criteria as FindCriteria<Thing>);

describe('resolveCriteria', () => {
  it('takes a slug, and slugs, each once', () => {
    expect(resolve('a')).toEqual({ slugs: ['a'] });
    expect(resolve(['b', 'a', 'b'])).toEqual({ slugs: ['b', 'a'] });
  });

  it('takes a where, and several', () => {
    expect(resolve({ count: 1 }).query?.matches(thing({ count: 1 }))).toBe(true);
    expect(resolve([{ count: 1 }, { count: 2 }]).query?.matches(thing({ count: 2 }))).toBe(true);
    expect(resolve({ slug: 'a' }).slugs).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    [
      'undefined',
      undefined,
      'Thing: the criteria must be a slug, a list of slugs, or a where object that names a property, not undefined.',
    ],
    ['null', null, 'not null.'],
    ['a number', 7, 'not the number 7.'],
    [
      'nothing in a list',
      [],
      'not an empty array. To mean every record, call find() or count() without "where", or clear().',
    ],
    ['an empty slug', '', 'Thing.slug: the string "" is not a slug. A slug is never empty.'],
    ['an empty slug in a list', ['a', ''], 'A slug is never empty.'],
    ['half a character', '\ud800', 'is not a slug. A slug is a well-formed, non-empty string.'],
    ['slugs and undefined', ['a', undefined], 'Thing.slug: undefined is not a slug.'],
    ['slugs and wheres', ['a', { count: 1 }], 'Thing.slug: an object is not a slug.'],
    ['an empty where', {}, 'Thing: where is empty'],
    ['a list with an empty where', [{ count: 1 }, {}], 'Thing: where is empty'],
    ['a where of undefined', { count: undefined }, 'Thing.count: undefined in where.'],
    ['an unknown property', { colour: 1 }, 'Thing has no property "colour"'],
    ['a date', new Date(0), 'Thing: where is empty'],
  ])('refuses %s', (_, criteria, message) => {
    expect(() => resolve(criteria)).toThrow(
      expect.objectContaining({ kind: 'invalid_criteria', message: expect.stringContaining(message) }),
    );
  });
});
