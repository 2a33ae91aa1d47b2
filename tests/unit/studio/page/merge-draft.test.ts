import { mergeDraft, resolveClashes } from '../../../../src/studio/page/record/merge-draft.js';

const texts = (entries: Record<string, string | null>) => new Map(Object.entries(entries));

describe('a draft and a record that was changed meanwhile', () => {
  const base = texts({ title: 'A', note: 'n', pages: '1', gone: 'x' });
  const theirs = texts({ title: 'B', note: 'theirs', pages: '1', gone: null });

  it('clash where both have changed, each to something else', () => {
    const merge = mergeDraft(base, theirs, texts({ title: 'C', pages: '2' }));
    expect(merge.clashes).toEqual([{ property: 'title', base: 'A', theirs: 'B', yours: 'C' }]);
    expect(merge.taken).toEqual(['note', 'gone']);
    expect(merge.edits).toEqual(texts({ title: 'C', pages: '2' }));
  });

  it('do not clash where both say the same', () => {
    const merge = mergeDraft(base, theirs, texts({ title: 'B', gone: null }));
    expect(merge.clashes).toEqual([]);
    expect(merge.edits.size).toBe(0);
  });

  it('clash over a value that one has taken away', () => {
    expect(mergeDraft(base, theirs, texts({ gone: 'y' })).clashes).toEqual([
      { property: 'gone', base: 'x', theirs: null, yours: 'y' },
    ]);
  });

  it('come together as the writer decides', () => {
    const edits = texts({ title: 'C', note: 'mine', pages: '2' });
    const choices = new Map<string, 'theirs' | 'yours'>([
      ['title', 'theirs'],
      ['note', 'yours'],
    ]);
    expect(resolveClashes(edits, choices)).toEqual(texts({ note: 'mine', pages: '2' }));
  });
});
