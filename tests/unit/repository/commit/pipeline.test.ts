import { pipeline } from '../../../../src/repository/commit/pipeline.js';
import { deferred } from '../../transport/http/stub-client.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Work that ends when it is told to, in any order. */
function heldWork() {
  const begun = new Map<number, Pick<ReturnType<typeof deferred<string>>, 'resolve' | 'reject'>>();
  const work = (item: number): Promise<string> => {
    const held = deferred<string>();
    begun.set(item, held);
    return held.promise;
  };
  return { begun, work };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work on many items', () => {
  it('has 32 under way at once, and the next begins when one has ended', async () => {
    const { begun, work } = heldWork();
    const outcome = pipeline(numbers(40), work);
    await turn();
    expect([...begun.keys()]).toEqual(numbers(32));
    begun.get(7)?.resolve('seven');
    await turn();
    expect([...begun.keys()]).toEqual(numbers(33));
    for (let i = 0; i < 40; i++) {
      begun.get(i)?.resolve(`${i}`);
      await turn();
    }
    const { results, failure } = await outcome;
    expect(results).toEqual(numbers(40).map((i) => (i === 7 ? 'seven' : `${i}`)));
    expect(failure).toBeUndefined();
  });

  it('begins nothing more after an error, waits for what is under way, and tells of the first in their order', async () => {
    const { begun, work } = heldWork();
    let isOver = false;
    const outcome = pipeline(numbers(40), work).finally(() => {
      isOver = true;
    });
    await turn();
    for (const i of [9, 3, 5]) {
      begun.get(i)?.reject(new Error(`no ${i}`));
      await turn();
    }
    for (let i = 31; i >= 0; i--) {
      expect(isOver).toBe(false);
      begun.get(i)?.resolve(`${i}`);
      await turn();
    }
    expect(begun.size).toBe(32);
    const { results, failure } = await outcome;
    expect(results).toEqual(
      numbers(32)
        .filter((i) => ![3, 5, 9].includes(i))
        .map(String),
    );
    expect(failure).toEqual({
      error: new Error('no 3'),
      index: 3,
      others: [new Error('no 5'), new Error('no 9')],
    });
  });

  it('of none is none', async () => {
    expect(await pipeline([], () => Promise.reject(new Error('no')))).toEqual({
      results: [],
      failure: undefined,
    });
  });
});
