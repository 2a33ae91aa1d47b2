import { readFileSync } from 'node:fs';

/** The cells of every row of a page's tables, heads and rulers left out. */
export function tableRows(page: string): string[][] {
  const tables = readFileSync(page, 'utf8').match(/^\|.*\n\|[ :|-]+\n(?:\|.*\n)*/gm) ?? [];
  return tables.flatMap((table) => table.trimEnd().split('\n').slice(2)).map(cellsOf);
}

/** The names in a cell that stand in backticks. */
export function namesIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
