import { stdout } from 'node:process';

/** One line that is drawn over itself on a terminal, and a line for every quarter elsewhere. */
export function progressLine(
  label: string,
): (progress: { done: number; total?: number | undefined }) => void {
  let quarter = 0;
  return ({ done, total = done }) => {
    const text = `${label} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    if (stdout.isTTY) {
      stdout.write(`\r  ${text}${done >= total ? '\n' : ''}`);
      return;
    }
    const reached = Math.floor((4 * done) / total);
    if (reached > quarter) stdout.write(`  ${text}\n`);
    quarter = reached;
  };
}
