import type { Leaf } from '../../../../src/index.js';
import type { StoredRecord } from '../../../../src/mapping/types.js';
import { isSameVersion } from '../../../../src/realtime/live/live-item.js';
import { sameData } from '../../../../src/realtime/live/same-data.js';
import { noteMetadata } from '../support/notes.js';

const leaf = (name: string, more: Partial<Leaf> = {}): Leaf => ({
  path: `notes/a/${name}`,
  value: { x: 1 },
  type: 'map',
  revision: 3,
  ...more,
});
const record = (...leaves: Leaf[]): StoredRecord => ({ slug: 'a', leaves, revision: 3 });
const item = (...leaves: Leaf[]) => ({ slug: 'a', record: record(...leaves), key: {} });

describe('the same version of a record', () => {
  const first = item(leaf('title'), leaf('rank'));

  it('is itself, and another one of equal leaves', () => {
    const [title, rank] = first.record.leaves;
    expect(isSameVersion(first, first)).toBe(true);
    expect(isSameVersion(first, item(title!, rank!))).toBe(true);
    expect(isSameVersion(first, item(leaf('title'), leaf('rank')))).toBe(true);
  });

  it.each<[string, ReturnType<typeof item>]>([
    ['of another slug', { ...first, slug: 'b' }],
    ['with less', item(leaf('title'))],
    ['with more', item(leaf('title'), leaf('rank'), leaf('more'))],
    ['with a leaf elsewhere', item(leaf('title'), leaf('rant'))],
    ['with a leaf of another revision', item(leaf('title'), leaf('rank', { revision: 4 }))],
    ['with a leaf of another type', item(leaf('title'), leaf('rank', { type: 'json' as Leaf['type'] }))],
    ['with another value', item(leaf('title', { value: { x: 2 } }), leaf('rank'))],
  ])('is none %s', (_, other) => {
    expect(isSameVersion(first, other)).toBe(false);
    expect(isSameVersion(other, first)).toBe(false);
  });
});

describe('the same data', () => {
  const first = record(leaf('rank'), leaf('title/deep'), leaf('unknown'));
  const version = { ...noteMetadata.fields[1]!, propertyName: 'version', wireName: 'version' };
  const versioned = { ...noteMetadata, versionField: version };

  it.each<[string, StoredRecord, boolean]>([
    [
      'of equal leaves, whatever their revisions',
      record(leaf('rank', { revision: 9 }), leaf('title/deep')),
      true,
    ],
    ['without one', record(leaf('rank')), false],
    ['with one more that no field claims', record(leaf('rank'), leaf('stray'), leaf('title/deep')), true],
    ['with one more of a field', record(leaf('rank'), leaf('title/deep'), leaf('title/else')), false],
    ['with another value', record(leaf('rank', { value: { x: 2 } }), leaf('title/deep')), false],
    ['with a leaf elsewhere in a field', record(leaf('rank'), leaf('title/else')), false],
  ])('%s', (_, other, isSame) => {
    expect(sameData(noteMetadata, first, other, undefined)).toBe(isSame);
    expect(sameData(noteMetadata, other, first, undefined)).toBe(isSame);
  });

  it('is that of the selection alone', () => {
    const other = record(leaf('rank'), leaf('title/deep', { value: 5 }));
    expect(sameData(noteMetadata, first, other, new Set(['rank']))).toBe(true);
    expect(sameData(noteMetadata, first, other, new Set(['rank', 'title']))).toBe(false);
  });

  it('is of one revision where the revision is handed out', () => {
    const later = { ...first, revision: 4 };
    expect(sameData(versioned, first, first, undefined)).toBe(true);
    expect(sameData(versioned, first, later, undefined)).toBe(false);
    expect(sameData(versioned, first, later, new Set(['version']))).toBe(false);
    expect(sameData(versioned, first, later, new Set(['rank']))).toBe(true);
    expect(sameData(noteMetadata, first, later, undefined)).toBe(true);
  });
});
