import fc from 'fast-check';
import { Budget, Share } from '../../../../src/protocol/requests/budget.js';

describe('a budget', () => {
  it('has room for exactly so many', () => {
    const budget = new Budget({ count: 2, bytes: 100 });
    expect([budget.take(1), budget.take(1), budget.take(0)]).toEqual([true, true, false]);
    budget.give(1);
    expect(budget.take(1)).toBe(true);
  });

  it('has room for exactly so many bytes', () => {
    const budget = new Budget({ count: 10, bytes: 100 });
    expect([budget.take(60), budget.take(41), budget.take(40), budget.take(1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([budget.count, budget.bytes]).toEqual([2, 100]);
  });

  it('is filled beyond a share by number or by bytes', () => {
    const byNumber = new Budget({ count: 4, bytes: 100 });
    byNumber.take(0);
    expect(byNumber.isFilledBeyond(1 / 4)).toBe(false);
    byNumber.take(0);
    expect(byNumber.isFilledBeyond(1 / 4)).toBe(true);
    const byBytes = new Budget({ count: 4, bytes: 100 });
    byBytes.take(25);
    expect(byBytes.isFilledBeyond(1 / 4)).toBe(false);
    byBytes.give(25);
    byBytes.take(26);
    expect(byBytes.isFilledBeyond(1 / 4)).toBe(true);
  });

  it('never holds more than its bound, and is empty when all was given back', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (sizes) => {
        const budget = new Budget({ count: 5, bytes: 100 });
        const taken = sizes.filter((size) => budget.take(size));
        expect(taken.length).toBeLessThanOrEqual(5);
        expect(budget.bytes).toBe(taken.reduce((sum, size) => sum + size, 0));
        expect(budget.bytes).toBeLessThanOrEqual(100);
        for (const size of taken) budget.give(size);
        expect([budget.count, budget.bytes]).toEqual([0, 0]);
      }),
    );
  });

  it('has room for one that is alone, whatever its length', () => {
    const budget = new Budget({ count: 2, bytes: 10 });
    expect([budget.takeOrAlone(11), budget.takeOrAlone(0)]).toEqual([true, false]);
    budget.give(11);
    expect([budget.takeOrAlone(4), budget.takeOrAlone(7), budget.takeOrAlone(6)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('has its shares given back together, once', () => {
    const budget = new Budget({ count: 10, bytes: 100 });
    const [one, other] = [new Share(budget), new Share(budget)];
    expect([one.take(40), one.take(10), other.take(51), other.take(50)]).toEqual([true, true, false, true]);
    one.give(10);
    one.release();
    one.give(40);
    expect([one.take(1), one.bytes, budget.bytes, budget.count]).toEqual([false, 0, 50, 1]);
  });

  it('is empty when it is cleared', () => {
    const budget = new Budget({ count: 1, bytes: 1 });
    budget.take(1);
    budget.clear();
    expect(budget.take(1)).toBe(true);
  });
});
