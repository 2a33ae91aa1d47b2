import { assignSlots, rowWindow, scrollToShow } from '../../../../src/studio/page/table/row-window.js';

const viewport = (scrollTop: number) => ({ scrollTop, height: 280, rowHeight: 28 });

describe('the rows in sight', () => {
  it('are those of the viewport and a few around them', () => {
    expect(rowWindow(viewport(28 * 1000), 100_000, 8)).toEqual({ first: 992, end: 1018 });
  });

  it('include a row of which only a part is seen', () => {
    expect(rowWindow(viewport(27), 100_000, 0)).toEqual({ first: 0, end: 11 });
  });

  it('end with the records, and begin with the first', () => {
    expect(rowWindow(viewport(0), 3, 8)).toEqual({ first: 0, end: 3 });
    expect(rowWindow(viewport(28 * 99_995), 100_000, 8)).toEqual({ first: 99_987, end: 100_000 });
  });

  it('are none when there are fewer records than were scrolled past', () => {
    expect(rowWindow(viewport(28 * 500), 0, 8)).toEqual({ first: 0, end: 0 });
  });
});

describe('scrolling to a row', () => {
  it('moves no further than it must', () => {
    expect(scrollToShow(5, viewport(0))).toBe(0);
    expect(scrollToShow(10, viewport(0))).toBe(28);
    expect(scrollToShow(3, viewport(280))).toBe(84);
  });
});

describe('row elements', () => {
  it('stay with their rows, and go from rows that leave to rows that come', () => {
    const before = assignSlots(new Map(), { first: 0, end: 4 });
    const after = assignSlots(before, { first: 2, end: 6 });
    expect(after.get(2)).toBe(before.get(2));
    expect(after.get(3)).toBe(before.get(3));
    expect(new Set(after.values())).toEqual(new Set([0, 1, 2, 3]));
  });

  it('are no more than are seen, however far somebody scrolls', () => {
    let slots = new Map<number, number>();
    for (let first = 0; first < 5_000; first += 7) slots = assignSlots(slots, { first, end: first + 20 });
    expect(Math.max(...slots.values())).toBeLessThan(20);
    expect(new Set(slots.values()).size).toBe(20);
  });

  it('keep the one with the focus, wherever its row is', () => {
    const before = assignSlots(new Map(), { first: 0, end: 4 }, 1);
    const after = assignSlots(before, { first: 100, end: 104 }, 1);
    expect(after.get(1)).toBe(before.get(1));
    expect(after.size).toBe(5);
  });
});
