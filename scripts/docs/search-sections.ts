import { SEARCH_WORDS } from './search-words.js';

/** A part of a page as the search takes it. */
export interface SearchSection {
  /** Empty for the top of the page. */
  readonly anchor: string;
  /** The headings it stands below, its own last. */
  readonly titles: readonly string[];
  readonly text: string;
}

/** A heading as VitePress makes it, with the link to itself at its end. */
const HEADING = /<h([1-6])[^>]*>(.*?)<a class="header-anchor" href="#(.*?)"[^>]*>.*?<\/a><\/h\1>/g;

/**
 * The sections of a page for the search: those of its headings, and one of the words that people type for it, which leads to
 * its top. Words of a heading weigh more than those of a text, and more where they are few.
 */
export function searchSections(page: string, html: string): readonly SearchSection[] {
  const headings = [...html.matchAll(HEADING)];
  const above: string[] = [];
  const sections = headings.map((match, i) => {
    const [heading, level = '1', title = '', anchor = ''] = match;
    above.length = Number(level) - 1;
    above.push(textOf(title));
    const text = textOf(html.slice(match.index + heading.length, headings[i + 1]?.index));
    return { anchor, titles: above.filter((name) => name !== ''), text };
  });
  const words = SEARCH_WORDS[page];
  const [first] = sections;
  if (words === undefined || first === undefined) return sections;
  return [...sections, { anchor: '', titles: [...first.titles, words.join(', ')], text: words.join(' ') }];
}

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
