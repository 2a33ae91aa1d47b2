import { PublicationQueue } from '../../../../src/store/commit/publication-queue.js';

describe('PublicationQueue', () => {
  it('publishes in order, whatever settles first, and never what was not committed', () => {
    const published: string[] = [];
    const queue = new PublicationQueue<string>((item) => published.push(item));
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((item) => queue.enqueue(item));
    c?.settle(true);
    b?.settle(false);
    expect(published).toStrictEqual([]);
    a?.settle(true);
    expect(published).toStrictEqual(['a', 'c']);
    d?.settle(true);
    queue.enqueue('e').settle(true);
    expect(published).toStrictEqual(['a', 'c', 'd', 'e']);
  });
});
