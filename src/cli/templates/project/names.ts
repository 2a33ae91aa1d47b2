/** What an entity is called in the places that name it. */
export interface EntityNames {
  /** The class: `ReadingList`. */
  readonly type: string;
  /** The file, and the slug of the first record: `reading-list`. */
  readonly file: string;
  /** Where the records lie: `reading-lists`. */
  readonly prefix: string;
  /** The repository in a program: `readingLists`. */
  readonly variable: string;
}

/** Words that no class can be called, and classes that a program has already. */
const TAKEN = new Set(
  'Object Array String Number Boolean Date Map Set Symbol Promise Error Function BigInt Proxy Reflect JSON Math Intl DataSource'.split(
    ' ',
  ),
);

/** The names that go with what a person calls an entity, such as `link` or `ReadingList`; undefined for what no class can be called. */
export function entityNames(given: string): EntityNames | undefined {
  const words = given
    .trim()
    .split(/[-_\s]+/)
    .filter((word) => word !== '');
  const type = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(type) || TAKEN.has(type)) return undefined;
  const parts = type.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ');
  const file = parts.join('-').toLowerCase();
  const prefix = plural(file);
  return {
    type,
    file,
    prefix,
    variable: prefix.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
  };
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
