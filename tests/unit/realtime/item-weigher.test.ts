import { ItemWeigher } from '../../../src/realtime/item-weigher.js';

const weighAlone = (item: unknown): number => new ItemWeigher().weigh(item);

describe('what waits', () => {
  it.each<[what: string, item: unknown, bytes: number]>([
    ['a text', 'abc', 5],
    ['a number', 7, 8],
    ['null', null, 4],
    ['an empty object', {}, 8],
    ['an object: names, members and what these hold', { ab: 1, c: 'xyz' }, 8 + (2 + 4 + 8) + (1 + 4 + 5)],
    ['a list', [1, 'a'], 8 + 8 + 3],
    ['a set', new Set([1, 2, 3]), 8 + 3 * 8],
    ['a map: both sides of it', new Map([['abc', 1]]), 8 + 4 + 5 + 8],
    ['bytes', new Uint8Array(100), 108],
    ['a part of bytes', new Uint8Array(new ArrayBuffer(100), 0, 10), 18],
    ['bytes that nobody looks at', new ArrayBuffer(100), 108],
    ['an object in an object', { a: { b: 1 } }, 8 + 5 + 8 + 5 + 8],
  ])('is weighed: %s', (_, item, bytes) => {
    expect(weighAlone(item)).toBe(bytes);
  });

  it('is weighed without calling what computes a member', () => {
    const item = {
      get costly(): string {
        throw new Error('was called');
      },
    };
    expect(weighAlone(item)).toBe(8 + 'costly'.length + 4 + 4);
  });

  it('may hold itself', () => {
    const item: { me?: unknown } = {};
    item.me = item;
    expect(weighAlone(item)).toBe(8 + 2 + 4);
  });
});

describe('things that wait side by side', () => {
  const shared = { name: 'x'.repeat(1000) };

  it('have counted once what they hold in common', () => {
    const weigher = new ItemWeigher();
    expect(weigher.weigh([shared, shared])).toBe(8 + weighAlone(shared));
    expect(weigher.weigh([shared, 'new'])).toBe(8 + 5);
  });

  it('are counted anew when nothing waited any more', () => {
    const weigher = new ItemWeigher();
    weigher.weigh(shared);
    weigher.forget();
    expect(weigher.weigh(shared)).toBe(weighAlone(shared));
  });
});
