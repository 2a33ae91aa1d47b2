/** The rows that a scrolled table has in its document. */
export interface RowWindow {
  /** The first row. */
  readonly first: number;
  /** The row behind the last one. */
  readonly end: number;
}

/** How tall things are, in pixels. */
export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

/** Rows above and below what is visible, so that scrolling a little shows no gap. */
export const OVERSCAN = 8;

/** The rows of `count` that a viewport shows, and a few around them. */
export function rowWindow(
  { scrollTop, height, rowHeight }: Viewport,
  count: number,
  overscan = OVERSCAN,
): RowWindow {
  const firstVisible = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const endVisible = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight);
  const end = Math.min(count, endVisible + overscan);
  return { first: Math.max(0, Math.min(firstVisible - overscan, end)), end };
}

/** Where to scroll so that a row is seen whole, moving as little as possible. */
export function scrollToShow(row: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}

/**
 * Which of the document's row elements shows which row. A row keeps its element while it is in the window; those that come in take
 * the elements of those that left, so that no more are made than are seen at a time. `pinned` keeps its element, too, wherever it
 * is, because the focus is in it.
 */
export function assignSlots(
  before: ReadonlyMap<number, number>,
  { first, end }: RowWindow,
  pinned?: number,
): Map<number, number> {
  const slots = new Map<number, number>();
  const taken = new Set<number>();
  const wanted: number[] = [];
  for (let row = first; row < end; row++) wanted.push(row);
  if (pinned !== undefined && (pinned < first || pinned >= end)) wanted.push(pinned);
  for (const row of wanted) {
    const slot = before.get(row);
    if (slot === undefined) continue;
    slots.set(row, slot);
    taken.add(slot);
  }
  let free = 0;
  for (const row of wanted) {
    if (slots.has(row)) continue;
    while (taken.has(free)) free++;
    slots.set(row, free);
    taken.add(free);
  }
  return slots;
}
