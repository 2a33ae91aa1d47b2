import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RegisterCall, TimedCall } from '../linearizable.js';
import { isLinearizable } from '../linearizable.js';
import type { Known } from './asker.js';
import { read, write } from './asker.js';
import type { Stage, Worker } from './stage.js';

/** How many work on one register. */
const CLIENTS = 4;
/** What each does before all go on to the next register: a history is to stay short enough to be searched. */
const CALLS = 20;
/** Milliseconds between two calls of one client, at most. */
const LONGEST_BREAK = 60;

/** Registers, one after the other, each written to and compared by several clients at once, and each history judged. */
export async function useRegisters(stage: Stage, { name, random }: Worker): Promise<void> {
  const { findings, isOver } = stage;
  for (let round = 0; !isOver(); round++) {
    const path = `registers/${name}-${round}`;
    const histories = await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => useRegister(stage, path, { name: `${name}${i}`, random })),
    );
    const history = histories.flat();
    findings.count('calls of registers', history.length);
    findings.count('calls of registers in doubt', history.filter(({ end }) => end === Infinity).length);
    if (!isLinearizable(history)) {
      findings.violation(`the history of ${path} is of no register`, history);
    }
  }
}

async function useRegister(stage: Stage, path: string, worker: Worker): Promise<TimedCall[]> {
  const { nodes, isOver } = stage;
  const { name, random } = worker;
  const history: TimedCall[] = [];
  for (let i = 0; i < CALLS && !isOver(); i++) {
    const value = `${name}.${i}`;
    const kind = random(10);
    const timed =
      kind < 2
        ? await set(stage, random(nodes), path, value)
        : await compared(stage, worker, path, kind < 7 ? value : undefined);
    if (timed !== undefined) history.push(timed);
    await pause(random(LONGEST_BREAK));
  }
  return history;
}

async function set(
  { asker, journal, isLate }: Stage,
  node: number,
  path: string,
  value: string,
): Promise<TimedCall> {
  const [begin, asked] = [performance.now(), Date.now()];
  const known = await asker.untilKnown(node, write({ op: 'set', path, value }, randomUUID()), isLate);
  const call: RegisterCall = { kind: 'set', value };
  if (known?.reply.status !== 200) return { call, begin, end: Infinity };
  journal.note(asked);
  return { call, begin, end: performance.now() };
}

/** Looks at what a node has, however old, and writes only where it is what there is: or asks whether it is, without a value to write. */
async function compared(
  { asker, nodes, journal, isLate }: Stage,
  { random }: Worker,
  path: string,
  value: string | undefined,
): Promise<TimedCall | undefined> {
  const seen = await asker.once(random(nodes), read(path));
  if (seen === undefined) return undefined;
  const { value: expected, revision } = seen.status === 404 ? NOTHING : (seen.body as typeof NOTHING);
  const operation =
    value === undefined
      ? { op: 'check', path, revision }
      : { op: 'set', path, value, ...(revision === 0 ? { if_absent: true } : { if_match: revision }) };
  const [begin, asked] = [performance.now(), Date.now()];
  const known = await asker.untilKnown(random(nodes), write(operation, randomUUID()), isLate);
  const call = callOf(known, expected, value);
  if (call === undefined) return undefined;
  // Refused after a try that nobody answered: that one may be carried out all the same, now or later.
  const isOpen = known?.reply.status !== 200 && known?.wasUnsure !== false && value !== undefined;
  if (isOpen) return { call: { kind: 'swap', expected, value }, begin, end: Infinity };
  if (known?.reply.status === 200) journal.note(asked);
  return { call, begin, end: performance.now() };
}

const NOTHING: { readonly value: string | null; readonly revision: number } = { value: null, revision: 0 };

function callOf(
  known: Known | undefined,
  expected: string | null,
  value: string | undefined,
): RegisterCall | undefined {
  if (known === undefined) return value === undefined ? undefined : { kind: 'swap', expected, value };
  if (known.reply.status !== 200) return { kind: 'differs', expected };
  return value === undefined ? { kind: 'reads', expected } : { kind: 'swap', expected, value };
}
