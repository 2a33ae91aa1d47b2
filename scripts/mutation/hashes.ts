import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Hashes of texts, each read once. */
export class Hashes {
  readonly #root: string;
  readonly #texts = new Map<string, string>();
  readonly #shared: string;

  constructor(root: string) {
    this.#root = root;
    const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' });
    const shared = tests
      .map((name) => name.split(sep).join('/'))
      .filter(isShared)
      .sort();
    this.#shared = hash(shared.map((name) => this.#ofText(`tests/${name}`)));
  }

  /** Of a test file, of what test files share, and of the sources whose regions it ran. */
  of(test: string, ran: readonly string[]): string {
    const files = [...new Set(ran.map((region) => region.slice(0, region.indexOf('#'))))].sort();
    return hash([this.#shared, ...[test, ...files].map((file) => this.#ofText(file))]);
  }

  #ofText(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const path = join(this.#root, file);
    const fresh = existsSync(path) ? hash([readFileSync(path, 'utf8')]) : 'none';
    this.#texts.set(file, fresh);
    return fresh;
  }
}

function hash(parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 16);
}

/** Whether tests of the sources may import a file of `tests`. */
function isShared(name: string): boolean {
  const foreign = /^(unit\/scripts|drives|types|consumer|package|docs|examples|nest12)\//.test(name);
  return /\.m?ts$/.test(name) && !name.endsWith('.test.ts') && !foreign;
}
