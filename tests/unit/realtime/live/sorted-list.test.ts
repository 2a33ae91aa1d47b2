import { SortedList } from '../../../../src/realtime/live/sorted-list.js';
import { TakeWindow } from '../../../../src/realtime/live/take-window.js';

const ascending = (a: number, b: number): number => a - b;

describe('a sorted list', () => {
  it.each([1, 5, 63, 64, 65, 300])('stays in order while %d items come and go at a time', (count) => {
    const list = new SortedList<number>(ascending);
    const all = Array.from({ length: count }, (_, i) => (i * 7919) % 1009);
    list.replace([], all);
    expect(list.slice(0)).toEqual([...all].sort(ascending));
    const gone = all.filter((_, i) => i % 2 === 0);
    const come = gone.map((each) => each + 0.5);
    list.replace(gone, come);
    const left = [...all.filter((_, i) => i % 2 === 1), ...come].sort(ascending);
    expect(list.slice(0)).toEqual(left);
    expect(list.slice(1, 3)).toEqual(left.slice(1, 3));
  });
});

interface Item {
  readonly slug: string;
  readonly n: number;
}
const item = (n: number, slug = `s${n}`): Item => ({ slug, n });
const numbers = (window: TakeWindow<Item>, start = 0): number[] => window.slice(start).map(({ n }) => n);

describe('the first items of an order', () => {
  const filled = (isEnd: boolean, ...ns: number[]) => {
    const window = new TakeWindow<Item>(3, (a, b) => a.n - b.n);
    window.begin({ items: ns.map((n) => item(n)), isEnd });
    return window;
  };
  const state = (window: TakeWindow<Item>) => [numbers(window), window.bound?.n, window.missing];

  it('are all there are where none comes behind them', () => {
    const window = filled(true, 10, 20);
    expect(state(window)).toEqual([[10, 20], undefined, 0]);
    window.push('s30', item(30));
    expect(state(window)).toEqual([[10, 20, 30], undefined, 0]);
    window.push('s30', undefined);
    expect(state(window)).toEqual([[10, 20], undefined, 0]);
    expect([window.get('s10')?.n, window.get('s30'), numbers(window, 1)]).toEqual([10, undefined, [20]]);
  });

  it('let go of what is pushed over their number, and are bounded then', () => {
    const window = filled(true, 10, 20, 30);
    window.push('s15', item(15));
    expect(state(window)).toEqual([[10, 15, 20], 20, 0]);
    expect(window.get('s30')).toBeUndefined();
    window.push('s40', item(40));
    expect(state(window)).toEqual([[10, 15, 20], 20, 0]);
  });

  it('miss what has left, up to the bound, which stays where it is', () => {
    const window = filled(false, 10, 20, 30);
    window.push('s30', undefined);
    expect(state(window)).toEqual([[10, 20], 30, 1]);
    window.push('s10', item(35, 's10'));
    expect(state(window)).toEqual([[20], 30, 2]);
    window.push('s30', item(30));
    expect(state(window)).toEqual([[20, 30], 30, 1]);
    window.push('s20', item(5, 's20'));
    expect(state(window)).toEqual([[5, 30], 30, 1]);
    window.fill({ items: [item(35, 's10')], isEnd: false });
    expect(state(window)).toEqual([[5, 30, 35], 35, 0]);
    window.push('s5', item(1, 's5'));
    expect(state(window)).toEqual([[1, 5, 30], 30, 0]);
    window.push('s30', undefined);
    window.fill({ items: [], isEnd: true });
    expect(state(window)).toEqual([[1, 5], undefined, 0]);
  });

  it('are others when they begin anew', () => {
    const window = filled(false, 10, 20, 30);
    window.begin({ items: [item(20), item(25)], isEnd: true });
    expect(state(window)).toEqual([[20, 25], undefined, 0]);
    expect(window.get('s10')).toBeUndefined();
  });
});
