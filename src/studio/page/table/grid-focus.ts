/** Where the keyboard is in a grid: the header is row -1. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** How large a grid is, and how many rows a page key moves. */
export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  readonly page: number;
}

/** Where a key leads to from a cell; undefined when the key is none of a grid's. */
export function moveInGrid(
  { row, column }: CellPlace,
  key: string,
  control: boolean,
  { rows, columns, page }: GridSize,
): CellPlace | undefined {
  const lastRow = rows - 1;
  const lastColumn = columns - 1;
  const to = (toRow: number, toColumn: number): CellPlace => ({
    row: Math.max(-1, Math.min(lastRow, toRow)),
    column: Math.max(0, Math.min(lastColumn, toColumn)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'PageUp':
      return to(Math.max(0, row - page), column);
    case 'PageDown':
      return to(row + page, column);
    case 'Home':
      return control ? to(Math.min(0, lastRow), 0) : to(row, 0);
    case 'End':
      return control ? to(lastRow, lastColumn) : to(row, lastColumn);
    default:
      return undefined;
  }
}
