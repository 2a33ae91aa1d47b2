import { siteLink, sourceAddress } from '../../../../scripts/docs/site-links.js';

describe('a link of a page', () => {
  it.each([
    ['docs/errors.md', 'limits.md#sizes', '/limits.md#sizes'],
    ['docs/errors.md', '../CHANGELOG.md', '/changelog.md'],
    ['docs/errors.md', '../SECURITY.md', '/security-policy.md'],
    ['docs/recipes/auth.md', '../security.md#tls', '/security.md#tls'],
    ['docs/recipes/auth.md', 'vitest.md', '/recipes/vitest.md'],
    ['README.md', 'docs/recipes/index.md', '/recipes/index.md'],
    ['docs/express.md', '../examples/express-reading-list/README.md', '/examples/express-reading-list.md'],
    ['examples/express-reading-list/README.md', '../../docs/express.md', '/express.md'],
    ['docs/errors.md', '../README.md#install', '/'],
  ])('of %s to %s leads to the page', (page, link, href) => {
    expect(siteLink(page, link)).toEqual({ href });
  });

  it.each(['https://rxjs.dev', 'mailto:a@example.org', '//example.org', '#here'])('to %s stays', (link) => {
    expect(siteLink('docs/errors.md', link)).toEqual({ href: link });
  });

  it('to a file that is no page leads to its text', () => {
    expect(siteLink('docs/configuration.md', '../ormconfig.example.ts')).toEqual({
      href: '/source/ormconfig.example.ts.txt',
      file: 'ormconfig.example.ts',
    });
    expect(sourceAddress('docs/images/a.png')).toBe('source/docs/images/a.png');
  });
});
