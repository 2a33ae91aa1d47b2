import { NEVER, of, startWith } from 'rxjs';
import { SharedLists } from '../../../../src/repository/populate/shared-lists.js';

describe('shared lists', () => {
  const seen = (lists: SharedLists<number>, list: number[]): Promise<number[][]> => {
    const values: number[][] = [];
    return new Promise((resolve) => {
      lists.of('key', of(list)).subscribe({
        next: (value) => values.push(value),
        complete: () => {
          resolve(values);
        },
      });
    });
  };

  it('are forgotten when they have completed', async () => {
    const lists = new SharedLists<number>();
    expect(await seen(lists, [1])).toEqual([[1]]);
    expect(await seen(lists, [2])).toEqual([[2]]);
  });

  it('are forgotten when nobody asks for them any more', async () => {
    const lists = new SharedLists<number>();
    const [one, other] = [1, 2].map(() => lists.of('key', NEVER.pipe(startWith([1]))).subscribe());
    one!.unsubscribe();
    const late: number[][] = [];
    const third = lists.of('key', of([2])).subscribe((value) => late.push(value));
    await new Promise(setImmediate);
    expect(late).toEqual([[1]]);
    other!.unsubscribe();
    third.unsubscribe();
    expect(await seen(lists, [3])).toEqual([[3]]);
  });
});
