import { setTimeout as pause } from 'node:timers/promises';
import type { CommittedOperation } from 'dust-orm';
import type { Reply } from './asker.js';
import type { Stage } from './stage.js';
import { textOf } from './told.js';

/** Milliseconds for the nodes to become equal, and for watchers to hear of all. */
const SETTLING = 60_000;
const PAGE = 1_000;

/** All leaves of a node, and where it stands. */
interface Copy {
  readonly storeSeq: number;
  /** Each with its revision and type, in the store's order. */
  readonly leaves: readonly string[];
}

/** Compares all nodes with each other, with what clients were promised and with what watchers were told. */
export async function judge(stage: Stage): Promise<void> {
  const { nodes, findings, sums, told } = stage;
  const copies = await equalCopies(stage);
  const [first] = copies;
  if (first === undefined) return;
  for (const [node, copy] of copies.entries()) {
    if (copy.leaves.join('\n') === first.leaves.join('\n')) continue;
    const differing = copy.leaves.filter((line) => !first.leaves.includes(line));
    findings.violation(`node ${node} has other leaves than node 0, among them ${differing[0] ?? 'fewer'}`);
  }
  const leaves = first.leaves.map(
    (line) => JSON.parse(line) as { readonly path: string; readonly value: unknown },
  );
  const values = new Map(leaves.map(({ path, value }) => [path, value]));
  sums.judge((path) => values.get(path), findings);
  const logs: string[][] = [];
  for (let node = 0; node < nodes; node++) logs.push(await logOf(stage, node, first.storeSeq));
  const [log = []] = logs;
  logs.forEach((other, node) => {
    const at = log.findIndex((text, i) => other[i] !== text);
    if (at >= 0) findings.violation(`the log of node ${node} has ${other[at]}, that of node 0 ${log[at]}`);
  });
  for (const text of log) {
    told.judge(Number(text.slice(0, text.indexOf(' '))), text.slice(text.indexOf(' ') + 1));
  }
  judgeFences(log, stage);
  await until(() => told.hasReached(first.storeSeq));
  for (const [watcher, seq] of told.ends) {
    if (seq < first.storeSeq) findings.violation(`${watcher} was told up to ${seq} of ${first.storeSeq}`);
  }
  findings.count('operations of the store', first.storeSeq);
}

/** Once all stand at the same place. */
async function equalCopies(stage: Stage): Promise<readonly Copy[]> {
  const { nodes, findings } = stage;
  let seqs: (number | undefined)[] = [];
  await until(async () => {
    seqs = [];
    for (let node = 0; node < nodes; node++) seqs.push(await seqOf(stage, node));
    return seqs.every((seq) => seq !== undefined && seq === seqs[0]);
  });
  const [storeSeq] = seqs;
  if (storeSeq === undefined || seqs.some((seq) => seq !== storeSeq)) {
    findings.violation(`the nodes did not come to the same place: ${seqs.map(String).join(', ')}`);
    return [];
  }
  const copies: Copy[] = [];
  for (let node = 0; node < nodes; node++) copies.push({ storeSeq, leaves: await leavesOf(stage, node) });
  return copies;
}

async function seqOf({ asker }: Stage, node: number): Promise<number | undefined> {
  const reply = await asker.once(node, { method: 'GET', path: '/export' });
  const [header = ''] = reply?.status === 200 ? String(reply.body).split('\n', 1) : [];
  return header === '' ? undefined : (JSON.parse(header) as { store_seq: number }).store_seq;
}

async function leavesOf({ asker, findings }: Stage, node: number): Promise<string[]> {
  const leaves: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
    const reply: Reply | undefined = await asker.once(node, {
      method: 'GET',
      path: `/entries?pattern=**&limit=${PAGE}${after}`,
    });
    if (reply?.status !== 200) {
      findings.violation(`node ${node} does not tell its leaves`);
      break;
    }
    leaves.push(...(reply.body.items as readonly unknown[]).map((leaf) => JSON.stringify(leaf)));
    cursor = reply.body.next_cursor as string | null;
  }
  return leaves;
}

/** What a node has kept of its log, each operation as its seq and its text. */
async function logOf({ asker, findings }: Stage, node: number, last: number): Promise<string[]> {
  const all: string[] = [];
  for (let after = 0; after < last;) {
    const reply = await asker.once(node, { method: 'GET', path: `/log?after=${after}&limit=${PAGE}` });
    const items = (reply?.body.items ?? []) as readonly any[];
    for (const { store_seq, op, path, value, client_op_id } of items) {
      const operation = { op, path, value, clientOpId: client_op_id } as CommittedOperation;
      all.push(`${store_seq} ${textOf(operation)}`);
      after = store_seq;
    }
    if (items.length > 0) continue;
    findings.violation(`node ${node} does not tell its log after ${after}`);
    break;
  }
  return all;
}

/** Whoever took the lease later shuts out those who had it before. */
function judgeFences(log: readonly string[], { findings }: Stage): void {
  let highest = 0;
  for (const text of log) {
    const [, value] = / set guarded\/one \S+ (.*)$/.exec(text) ?? [];
    if (value === undefined) continue;
    const { token } = JSON.parse(value) as { token: number };
    if (token < highest) {
      findings.violation(`a write under the lease ${token} came behind one under ${highest}: ${text}`);
    }
    highest = Math.max(highest, token);
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + SETTLING;
  while (!(await condition()) && Date.now() < end) await pause(250);
}
