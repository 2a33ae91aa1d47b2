import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/** Where the program of a server is, which is installed where it is missing. */
export function programOf(script: string): string {
  const output = execFileSync(process.execPath, [join(__dirname, '../../scripts', script)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return output.trim();
}
