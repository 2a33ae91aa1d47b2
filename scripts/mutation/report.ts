import type { Verdict } from './judge.js';
import { excerpt } from './mutant.js';

/** Noticed ones of several. */
export interface Share {
  readonly name: string;
  readonly noticed: number;
  readonly of: number;
  readonly percent: number;
}

/** Shares by folder, of the releases, and of all. */
export function shares(verdicts: readonly Verdict[]): readonly Share[] {
  const folders = [...new Set(verdicts.map(({ mutant }) => folderOf(mutant.file)))].sort();
  return [
    ...folders.map((folder) =>
      share(
        folder,
        verdicts.filter(({ mutant }) => folderOf(mutant.file) === folder),
      ),
    ),
    share(
      'releases',
      verdicts.filter(({ mutant }) => mutant.kind === 'release'),
    ),
    share('all', verdicts),
  ];
}

function share(name: string, verdicts: readonly Verdict[]): Share {
  const noticed = verdicts.filter(({ outcome }) => outcome !== 'survived').length;
  return { name, noticed, of: verdicts.length, percent: percent(noticed, verdicts.length) };
}

/** With one decimal, rounded down: 94.99 % is not 95 %. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10;
}

function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

/** One line for the terminal. */
export function lineOf({ mutant, outcome, by, seconds }: Verdict): string {
  const { file, line, kind, original, replacement } = mutant;
  const verdict = outcome === 'survived' ? 'SURVIVED' : outcome;
  const change = `${excerpt(original, 60)} → ${replacement === ';' ? '(nothing)' : excerpt(replacement, 60)}`;
  return `${verdict.padEnd(9)}${seconds.toFixed(0).padStart(4)} s  ${file}:${line} ${kind}: ${change}\n${' '.repeat(16)}${by}`;
}

/** The page of a run. */
export function pageOf(title: string, verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ mutant, outcome, by }) => [
    `${mutant.file}:${mutant.line}`,
    mutant.kind,
    code(mutant.original),
    mutant.replacement === ';' ? '' : code(mutant.replacement),
    outcome === 'survived' ? '**SURVIVED**' : outcome,
    by,
  ]);
  return [
    `# ${title}`,
    '',
    ...table(
      ['', 'noticed', 'of', '%'],
      shares(verdicts).map(({ name, noticed, of, percent: p }) => [
        name,
        String(noticed),
        String(of),
        String(p),
      ]),
    ),
    '',
    ...table(['where', 'kind', 'was', 'became', 'outcome', 'by'], rows),
    '',
  ].join('\n');
}

function code(text: string): string {
  return `\`${excerpt(text, 80).replaceAll('`', "'")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
