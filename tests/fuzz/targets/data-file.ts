import * as fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/server/index.js';
import { expectThat } from '../engine/fault.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asJson } from '../inputs/form.js';
import type { Mutation } from '../inputs/mutate-bytes.js';
import { MUTATION_KINDS, mutate } from '../inputs/mutate-bytes.js';
import type { FolderReader } from './folder-reader.js';

const DATA_FILE = 'data.mdb';
const RECORDS = 300;

type Change = Mutation & Readonly<Record<string, string | number>>;
type Input = readonly Change[];

const place = fc.nat({ max: 0xff_ffff });
const inputs = fc.array(
  fc.record({ kind: fc.constantFrom(...MUTATION_KINDS), at: place, length: place, choice: place }),
  { minLength: 1, maxLength: 3 },
);

/**
 * A damaged data file, opened and read in a process of its own: a `DustError`, or whatever could be read. A process that
 * ends by a signal is counted: LMDB maps the file, and what stands in its pages is not checked (docs/embedded-store.md).
 */
export function dataFileTarget(createReader: () => FolderReader): Target {
  return defineTarget<Input>({
    name: 'data-file',
    share: 0.3,
    batch: 30,
    inputs,
    form: asJson<Input>(),
    open: async () => {
      const home = await mkdtemp(join(tmpdir(), 'dust-fuzz-'));
      const [intact, damaged] = [join(home, 'intact'), join(home, 'damaged')];
      const expected = await makeFolder(intact);
      const bytes = await readFile(join(intact, DATA_FILE));
      const reader = createReader();
      const counts = new Map<string, number>();
      return {
        check: async (changes: Input) => {
          const changed = changes.reduce(
            (file: Uint8Array, change) => mutate(file, change, { samples: [bytes], words: ['\u0000'] }),
            bytes,
          );
          await rm(damaged, { recursive: true, force: true });
          await mkdir(damaged);
          await writeFile(join(damaged, DATA_FILE), changed);
          const { outcome, leaves } = await reader.read(damaged);
          const name = outcome === 'read' ? (leaves === expected ? 'intact' : 'something else') : outcome;
          counts.set(name, (counts.get(name) ?? 0) + 1);
          expectThat(!outcome.startsWith('raw'), `an error that is no DustError: ${outcome}`);
          expectThat(outcome !== 'hung', 'opening it never ends');
        },
        notes: () => [
          [...counts]
            .sort()
            .map(([name, count]) => `${name} × ${count}`)
            .join(', '),
        ],
        close: async () => {
          await reader.close();
          await rm(home, { recursive: true, force: true });
        },
      };
    },
  });
}

/** A folder with records, some of them deleted again. Returns what a reader finds there. */
async function makeFolder(path: string): Promise<string> {
  const store = await openStore({ path });
  for (let i = 0; i < RECORDS; i++) {
    const value = { text: 'x'.repeat(i % 90), count: i };
    await store.write({ op: 'set', path: `notes/${i}`, value });
  }
  for (let i = 0; i < RECORDS; i += 7) await store.write({ op: 'delete', path: `notes/${i}` });
  await store.close();
  return String(2 * (RECORDS - Math.ceil(RECORDS / 7)));
}
