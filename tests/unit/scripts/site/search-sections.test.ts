import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { searchSections } from '../../../../scripts/docs/search-sections.js';
import { SEARCH_WORDS } from '../../../../scripts/docs/search-words.js';

const heading = (level: number, title: string, anchor: string): string =>
  `<h${level} id="${anchor}" tabindex="-1">${title} <a class="header-anchor" href="#${anchor}" aria-label="x">&#8203;</a></h${level}>`;

describe('what the search knows of a page', () => {
  const html = [
    heading(1, 'The <code>a</code> page', 'the-a-page'),
    '<p>One &lt;two&gt;</p>',
    heading(2, 'First', 'first'),
    '<p>three</p>',
    heading(3, 'Below', 'below'),
    heading(2, 'Second', 'second'),
    '<p>four\n<em>five</em></p>',
  ].join('\n');

  it('are its sections, each below the headings that it stands under', () => {
    expect(searchSections('docs/other.md', html)).toEqual([
      { anchor: 'the-a-page', titles: ['The a page'], text: 'One <two>' },
      { anchor: 'first', titles: ['The a page', 'First'], text: 'three' },
      { anchor: 'below', titles: ['The a page', 'First', 'Below'], text: '' },
      { anchor: 'second', titles: ['The a page', 'Second'], text: 'four five' },
    ]);
  });

  it('are also the words that people type for it', () => {
    const sections = searchSections('docs/pagination.md', html);
    const words = SEARCH_WORDS['docs/pagination.md']!;
    expect(sections.at(-1)).toEqual({
      anchor: '',
      titles: ['The a page', words.join(', ')],
      text: words.join(' '),
    });
    expect(sections).toHaveLength(5);
  });

  it('is nothing for a page without headings', () => {
    expect(searchSections('docs/pagination.md', '<p>text</p>')).toEqual([]);
  });

  it('has no words for pages that there are not', () => {
    const root = resolve(__dirname, '../../../..');
    const missing = Object.keys(SEARCH_WORDS).filter((page) => !existsSync(join(root, page)));
    expect(missing).toEqual([]);
  });
});
