import * as fc from 'fast-check';
import type { DumpedLeaf } from '../../../src/protocol/wire/dump.js';
import { formatDumpHeader, formatDumpLine, parseDump } from '../../../src/protocol/wire/dump.js';
import { Store, createMemoryStorage, exportLeaves, importLeaves } from '../../../src/store/index.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOf, outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { asText } from '../inputs/form.js';
import { mutatedText } from '../inputs/mutated-bytes.js';
import { mutatedJson } from '../inputs/mutated-json.js';
import { nestedText } from '../inputs/nested-text.js';
import { STRINGS } from '../inputs/words.js';

const LEAVES: readonly DumpedLeaf[] = [
  { path: 'a/b', value: 'text', type: 'string' },
  { path: 'a/b/c', value: 3, type: 'integer' },
  { path: 'a/d', value: 2.5, type: 'float' },
  { path: 'n', value: 7, type: 'counter' },
  { path: 's', value: ['x', 'y'], type: 'set' },
  { path: 'm', value: { _type: 'json', _typed: { deep: [1] } }, type: 'map' },
  { path: 'z~0/~1', value: null, type: 'null' },
  { path: 'w', value: { _type: 'decimal', _typed: '1.20' }, type: 'decimal' },
];
const lines = LEAVES.map(formatDumpLine);
const SAMPLES = [
  [formatDumpHeader({ store: 'acme/a', store_seq: 9 }), ...lines].join('\n'),
  lines.join('\n'),
];

const structured = fc
  .array(mutatedJson(lines.map((line) => JSON.parse(line) as Readonly<Record<string, string>>)), {
    maxLength: 4,
  })
  .map((all) => all.map((line) => JSON.stringify(line)).join('\n'));
const nested = nestedText(fc.constant('1')).map((text) => `{"path":"a","type":"map","value":${text}}`);

/** Dumps from anywhere: refused with a `DustError`, or imported so that an export of it is the same dump again. */
export function dumpsTarget(subject = { importLeaves }): Target {
  return defineTarget({
    name: 'dumps',
    share: 10,
    batch: 500,
    inputs: fc.oneof(
      { weight: 5, arbitrary: mutatedText(SAMPLES, STRINGS) },
      { weight: 9, arbitrary: structured },
      { weight: 1, arbitrary: nested },
    ),
    form: asText,
    open: () => Promise.resolve({ check: (text: string) => check(text, subject) }),
  });
}

async function check(text: string, subject: { readonly importLeaves: typeof importLeaves }): Promise<void> {
  const leaves = outcomeOf(() => parseDump(text.split('\n')))?.value;
  if (leaves === undefined) return;
  const first = await imported(leaves, subject);
  if (first === undefined) return;
  const last = new Map(leaves.map(({ path, value }) => [path, JSON.stringify(value)]));
  expectThat(first.length === last.size, `${first.length} leaves of ${last.size} paths`);
  for (const leaf of first) {
    expectThat(JSON.stringify(leaf.value) === last.get(leaf.path), `${shown(leaf)} is not what was imported`);
  }
  const second = await imported(parseDump(first.map(formatDumpLine)), subject);
  expectThat(JSON.stringify(second) === JSON.stringify(first), 'exported and imported again it differs');
}

async function imported(
  leaves: Iterable<DumpedLeaf>,
  subject: { readonly importLeaves: typeof importLeaves },
): Promise<readonly DumpedLeaf[] | undefined> {
  const store = new Store({ storage: createMemoryStorage() });
  try {
    const done = await outcomeOfPromise(() => subject.importLeaves(store, leaves));
    return done && [...exportLeaves(store)];
  } finally {
    await store.close();
  }
}
