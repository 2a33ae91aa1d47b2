import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findPages } from '../../../../scripts/docs/find-pages.js';
import { addressOf, groupOf, inOrder, titleOf } from '../../../../scripts/docs/pages.js';

describe('the pages of the site', () => {
  it('are those of docs, one of each example, and those beside the README', () => {
    const root = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-pages-'));
    try {
      for (const file of [
        'README.md',
        'CHANGELOG.md',
        'docs/a.md',
        'docs/a.png',
        'docs/recipes/b.md',
        'examples/x/README.md',
        'examples/y/main.ts',
      ]) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), '');
      }
      expect(findPages(root)).toEqual([
        'docs/a.md',
        'docs/recipes/b.md',
        'examples/x/README.md',
        'CHANGELOG.md',
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('of this repository all have a place, and a group', () => {
    const pages = inOrder(findPages(resolve(__dirname, '../../../..')));
    expect(pages).toContain('docs/getting-started.md');
    expect(pages.map(groupOf)).not.toContain(undefined);
  });

  it('come in the order of the list, whatever the order of the files', () => {
    expect(inOrder(['b', 'c', 'a'], { First: ['a'], Then: ['c', 'b'] })).toEqual(['a', 'c', 'b']);
  });

  it('are refused without a place, and a place without a page', () => {
    expect(() => inOrder(['a', 'new'], { First: ['a'] })).toThrow('new has no place in the site');
    expect(() => inOrder(['a'], { First: ['a', 'gone'] })).toThrow('gone does not exist');
  });

  it('are refused with two places, in one group or in two', () => {
    expect(() => inOrder(['a', 'b'], { First: ['a', 'b', 'a'] })).toThrow('a has several places');
    expect(() => inOrder(['a', 'b'], { First: ['a', 'b'], Then: ['b'] })).toThrow('b has several places');
  });

  it('have addresses after their files, all different', () => {
    expect(addressOf('docs/recipes/auth.md')).toBe('recipes/auth');
    expect(addressOf('examples/x/README.md')).toBe('examples/x');
    expect(addressOf('CHANGELOG.md')).toBe('changelog');
    const addresses = findPages(resolve(__dirname, '../../../..')).map(addressOf);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('are called what their first heading says', () => {
    expect(titleOf('Before.\n\n# The `dust-orm` command\n\n# Other\n')).toBe('The dust-orm command');
    expect(titleOf('no heading')).toBeUndefined();
  });
});
