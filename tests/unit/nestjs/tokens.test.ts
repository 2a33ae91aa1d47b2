import { DustEntity, Slug } from '../../../src/index.js';
import { InjectRepository, getEventBridgeToken, getRepositoryToken } from '../../../src/nestjs/index.js';
import { Author, Link } from './support.js';

const linkIn = (prefix: string, store?: string) => {
  @DustEntity({ prefix, ...(store === undefined ? {} : { store }) })
  class Link {
    @Slug() slug!: string;
  }
  return Link;
};

describe('getRepositoryToken', () => {
  it('tells classes, places, data sources and kinds apart', () => {
    const tokens = [
      getRepositoryToken(Link),
      getRepositoryToken(Author),
      getRepositoryToken(Link, 'archive'),
      getRepositoryToken(linkIn('links')),
      getRepositoryToken(linkIn('links', 'acme/other')),
      getEventBridgeToken(Link),
    ];
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.slice(0, 4)).toEqual([
      'LinkRepository',
      'AuthorRepository',
      'archive_LinkRepository',
      'LinkRepository (links)',
    ]);
  });

  it('answers the same for the same class, and for a class that inherits its place', () => {
    class Bookmark extends Link {}
    expect(getRepositoryToken(Link)).toBe(getRepositoryToken(Link));
    expect(getRepositoryToken(Bookmark)).toBe('BookmarkRepository');
  });

  it.each([
    ['undefined, from a circular import', undefined, /undefined.*import each other/s],
    ['the name of a class', 'Link', /the string "Link".*Pass the class itself/s],
    ['a class without @DustEntity', class Plain {}, /the class Plain.*@DustEntity/s],
  ])('refuses %s', (_what, entity, message) => {
    const inject = (): unknown => InjectRepository(entity as never);
    expect(inject).toThrow(message);
    expect(inject).toThrow(expect.objectContaining({ kind: 'invalid_metadata' }));
  });
});
