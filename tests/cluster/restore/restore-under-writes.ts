import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openPostgresLog } from '../../../src/cluster/logs/postgres/postgres-log.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { Asker, HttpSender } from '../faults/load/asker.js';
import { Findings } from '../faults/load/findings.js';
import type { Waits } from '../faults/load/journal.js';
import { ThisMachine } from '../parts/machine.js';
import { ServedNode } from '../parts/served-node.js';
import type { WholeState } from '../parts/state-of.js';
import { stateOf } from '../parts/state-of.js';
import type { TrimmedLog } from './log-view.js';
import { restoredAt, trimmedLog } from './log-view.js';
import { LEAVES_A_RECORD, writeRecords } from './records.js';
import { Writers } from './writers.js';

/** What is tried. */
export interface RestoreOptions {
  /** Of the database. */
  readonly url: string;
  readonly leaves: number;
  /** For the folders of the nodes. Exists. */
  readonly home: string;
  /** The command `dust-orm`. */
  readonly program: string;
  /** A port of loopback for each node. */
  readonly ports: readonly [number, number];
  readonly tell: (text: string) => void;
}

/** What came of it. Times are in milliseconds. */
export interface RestoreReport {
  readonly snapshot: TrimmedLog['snapshot'];
  /** Frames that had followed the snapshot when the new node was begun. */
  readonly behindAtFirst: number;
  /** From the start of its process until it followed the log. */
  readonly restored: number;
  /** Frames that it had still to apply then. */
  readonly behindThen: number;
  /** From the start of its process until it was ready. */
  readonly ready: number;
  /** Of writers, for as long as the new node was alone. */
  readonly before: Waits;
  /** Of writers, from its start until it was ready. */
  readonly meanwhile: Waits;
  readonly acknowledged: number;
  readonly leaves: number;
  readonly violations: readonly string[];
}

const ACCESS = { store: 'acme/restore', token: 'the-token-of-the-restore-drive' };
/** Milliseconds that a write may take before it is asked for again, and a batch of records. */
const PATIENCE = 60_000;
/** Writes of all before the new node is begun, and after it is ready. */
const WRITES = 200;
const ATTEMPTS = 10;

/** A node with many leaves, to which clients write, and a new one beside it that begins with a snapshot of it. */
export async function restoreUnderWrites(options: RestoreOptions): Promise<RestoreReport> {
  const log = await openPostgresLog({ url: options.url, store: ACCESS.store });
  const [old, young] = options.ports.map((port, i) => nodeOf(options, port, i)) as [ServedNode, ServedNode];
  const http = new HttpSender([old.url], ACCESS);
  try {
    return await run(options, { log, old, young, asker: new Asker(http.send, 1, PATIENCE, new Set()) });
  } finally {
    http.close();
    await Promise.all([old.end('SIGKILL'), young.end('SIGKILL')]);
    await log.close();
  }
}

interface Parts {
  readonly log: ReplicatedLog;
  readonly old: ServedNode;
  readonly young: ServedNode;
  readonly asker: Asker;
}

async function run(options: RestoreOptions, { log, old, young, asker }: Parts): Promise<RestoreReport> {
  const { leaves, tell } = options;
  const records = leaves / LEAVES_A_RECORD;
  const findings = new Findings();
  await old.begin();
  await writeRecords(asker, records);
  tell(`a node has ${leaves.toLocaleString('en')} leaves`);
  await trim(log, options);
  const writers = new Writers(asker, records, findings);
  const { journal } = writers;
  const goOn = async (): Promise<void> => {
    const { count } = journal;
    while (journal.count < count + WRITES) await pause(20);
  };
  try {
    const alone = Date.now();
    await goOn();
    const { last, snapshot } = (await trimmedLog(log))!;
    tell(`clients write to it; the newest snapshot is ${last - snapshot.position} frames behind`);
    const begun = Date.now();
    await young.begin();
    const ready = Date.now();
    const restored = await restoredAt(log, begun, snapshot.position);
    tell(`a new node is ready after ${ready - begun} ms`);
    await goOn();
    await writers.end();
    await untilEqual(log, [old, young]);
    const states = [await copyOf(old, writers), await copyOf(young, writers)] as const;
    judge(states, writers, findings);
    return {
      snapshot,
      behindAtFirst: last - snapshot.position,
      restored: restored.time - begun,
      behindThen: restored.behind,
      ready: ready - begun,
      before: journal.waits(alone, begun),
      meanwhile: journal.waits(begun, ready),
      acknowledged: journal.count,
      leaves: states[1].leaves,
      violations: findings.violations,
    };
  } finally {
    await writers.end();
  }
}

/** Takes snapshots until the log has no beginning any more: an empty node must take the newest one then. */
async function trim(log: ReplicatedLog, { url, home, program, tell }: RestoreOptions): Promise<void> {
  const argv = [program, 'cluster', 'snapshot', '--store', ACCESS.store, '--data', join(home, 'snapshots')];
  const env = { ...process.env, DUST_CLUSTER_URL: url };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if ((await trimmedLog(log)) !== undefined) return;
    // Refused while the node takes one by itself.
    await promisify(execFile)(process.execPath, argv, { env }).catch((error: unknown) => {
      tell(`no snapshot was taken: ${String((error as { stderr?: string }).stderr)}`);
    });
  }
  throw new Error(`the log was not trimmed by ${ATTEMPTS} snapshots`);
}

/** Both have applied all that the log has, and nobody says any more; they end. */
async function untilEqual(log: ReplicatedLog, nodes: readonly ServedNode[]): Promise<void> {
  const { last } = await log.bounds();
  const headers = { authorization: `Bearer ${ACCESS.token}`, 'x-dust-consistency': 'linearizable' };
  for (const { url } of nodes) {
    // Behind all that was written before it was asked.
    const answer = await fetch(`${url}/api/stores/${ACCESS.store}/entries/counts/0`, { headers });
    if (answer.status !== 200) throw new Error(`a node with ${last} frames answers ${answer.status}`);
  }
  for (const node of nodes) node.signal('SIGSTOP');
  for (const node of nodes) await node.end('SIGKILL');
}

interface Copy extends WholeState {
  readonly valueAt: (path: string) => unknown;
}

async function copyOf({ data }: ServedNode, { paths }: Writers): Promise<Copy> {
  const storage = await openLmdbStorage({ path: join(data, ...ACCESS.store.split('/')), verify: true });
  const values = new Map<string, unknown>();
  try {
    const state = stateOf(storage, ({ path, value }) => {
      if (paths.has(path)) values.set(path, value);
    });
    return { ...state, valueAt: (path) => values.get(path) };
  } finally {
    await storage.close();
  }
}

function judge([old, young]: readonly [Copy, Copy], writers: Writers, findings: Findings): void {
  if (old.storeSeq !== young.storeSeq) {
    findings.violation(`the nodes stand at ${old.storeSeq} and ${young.storeSeq}`);
  }
  if (old.body !== young.body) findings.violation('the nodes have other leaves or operations');
  // What they ask the log to be current may lie behind what the first one had applied when it ended.
  const isSamePlace = positionOf(old) === positionOf(young);
  if (isSamePlace && old.head !== young.head) findings.violation('the nodes remember another log');
  for (const copy of [old, young]) {
    for (const text of writers.missing(copy.valueAt)) findings.violation(text);
  }
}

function positionOf({ mark }: WholeState): unknown {
  return (mark as { readonly position?: unknown }).position;
}

function nodeOf({ home, url, program }: RestoreOptions, port: number, i: number): ServedNode {
  const folder = join(home, `node${i}`);
  mkdirSync(folder);
  const log = join(home, `node${i}.log`);
  return new ServedNode({ machine: new ThisMachine(), port, folder, log, url, program, ...ACCESS });
}
