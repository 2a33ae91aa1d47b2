import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocatedFind, TargetReport } from './run-target.js';

const MOST_SHOWN = 2000;

/** One line of the table. */
export function rowOf({ name, inputs, seconds, level, finds, notes }: TargetReport): string {
  const { heapBefore, heapAfter, residentMost, delayMost, cpu } = level;
  const cells = [
    name.padEnd(14),
    String(inputs).padStart(8),
    `${seconds.toFixed(1)} s`.padStart(8),
    `${cpu.toFixed(1)} s`.padStart(8),
    `${heapBefore.toFixed(0)} → ${heapAfter.toFixed(0)}`.padStart(10),
    residentMost.toFixed(0).padStart(6),
    `${delayMost.toFixed(0)} ms`.padStart(8),
    String(finds.length).padStart(5),
  ];
  return [cells.join('  '), ...notes.map((note) => `    ${note}`)].join('\n');
}

/** What the columns are. */
export const HEADING =
  'target            inputs      time       cpu    heap MiB     rss     delay  finds\n' + '-'.repeat(78);

/** Keeps a find below `folder` and says all that is needed to repeat it. */
export function describeFind(name: string, find: LocatedFind, seed: number, folder: string): string {
  const lines = [
    `FIND in ${name}: ${find.fault}`,
    `  seed ${seed}, batch ${find.batch}${find.index === undefined ? '' : `, input ${find.index}`}`,
    `  repeat: npm run fuzz -- --seed ${seed} --batch ${find.batch} ${name}`,
  ];
  if (find.input === undefined) return lines.join('\n');
  const input = JSON.stringify(find.input);
  const file = join(folder, name, `${createHash('sha256').update(input).digest('hex').slice(0, 8)}.json`);
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ fault: find.fault, input: find.input }, null, 2)}\n`);
  const shown = input.length > MOST_SHOWN ? `${input.slice(0, MOST_SHOWN)}…` : input;
  return [...lines, `  input: ${shown}`, `  or:     npm run fuzz -- --file ${file} ${name}`].join('\n');
}
