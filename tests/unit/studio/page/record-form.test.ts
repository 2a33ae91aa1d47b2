import { isFileLeaf, lookOf } from '../../../../src/studio/page/record/file-look.js';
import { removalText } from '../../../../src/studio/page/record/removal-text.js';
import { byProperty } from '../../../../src/studio/page/record/violations.js';

it('what is wrong with an element stands at the field that has it', () => {
  const columns = ['title', 'tags', 'author.name'].map((property) => ({ property }));
  const violations = [
    { property: 'tags', messages: ['is too long'] },
    { property: 'tags.1', messages: ['must be a string'] },
    { property: 'tags.2.name', messages: ['is missing'] },
    { property: 'author.name', messages: ['is short'] },
    { property: 'author.born', messages: ['is no field here'] },
    { property: '', messages: ['is refused'] },
  ];
  expect([...byProperty(violations, columns)]).toEqual([
    ['tags', ['is too long', '1: must be a string', '2.name: is missing']],
    ['author.name', ['is short']],
    ['author.born', ['is no field here']],
    ['', ['is refused']],
  ]);
});

it('a leaf that describes a file is one, whatever its type', () => {
  const envelope = { _type: 'file', hash: 'ab', size: 1 };
  expect(isFileLeaf({ type: 'file', value: envelope })).toBe(true);
  expect(isFileLeaf({ type: 'map', value: envelope })).toBe(true);
  for (const value of [{ _type: 'file' }, { hash: 'ab', size: 1 }, [envelope], null, 'file']) {
    expect(isFileLeaf({ type: 'map', value })).toBe(false);
  }
});

it('a file is looked at as what the process says that it is', () => {
  expect(lookOf('image/png')).toBe('picture');
  expect(lookOf('text/plain; charset=utf-8')).toBe('text');
  expect(lookOf('application/octet-stream')).toBeUndefined();
  expect(lookOf(null)).toBeUndefined();
});

it('who deletes is told that it is for good, where a class could only mark it, too', () => {
  const leaf = { path: 'a/b/c', type: 'integer', revision: 1, value: 1 } as const;
  const told = removalText({ path: 'a/b', leaves: [leaf], more: false }, undefined);
  expect(told).toBe('This removes a/b with 1 leaf, for good.');
  expect(removalText({ path: 'a', leaves: [], more: true }, { name: 'A', softDelete: true })).toBe(
    'This removes a with more than 1,000 leaves, for good. It is not only marked as deleted, as softRemove of A does it.',
  );
  expect(removalText({ path: 'a', leaves: [], more: false }, { name: 'A', softDelete: false })).not.toContain(
    'softRemove',
  );
});
