import { editLink } from '../../../../scripts/docs/edit-link.js';

describe('the link to edit a page', () => {
  it.each([
    ['git+https://github.com/acme/dust-orm.git', 'https://github.com/acme/dust-orm'],
    ['git@github.com:acme/dust-orm.git', 'https://github.com/acme/dust-orm'],
    ['github:acme/dust-orm', 'https://github.com/acme/dust-orm'],
    ['acme/dust-orm', 'https://github.com/acme/dust-orm'],
    ['https://code.example/acme/dust-orm/', 'https://code.example/acme/dust-orm'],
  ])('leads into the repository %s', (url, address) => {
    const link = { pattern: `${address}/edit/main/:path`, text: 'Edit this page' };
    expect(editLink({ repository: { url } }, undefined)).toEqual(link);
    expect(editLink({ repository: url }, undefined)).toEqual(link);
  });

  it('leads into the one that is given, whatever package.json says', () => {
    expect(editLink({ repository: 'acme/a' }, 'https://code.example/b').pattern).toBe(
      'https://code.example/b/edit/main/:path',
    );
  });

  it.each([undefined, ''])('leads to the source on the site where there is none: %p', (address) => {
    expect(editLink({}, address)).toEqual({ pattern: '/source/:path.txt', text: 'Source of this page' });
  });
});
