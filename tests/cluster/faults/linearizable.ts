/** What was asked of a register, and what was said of it. */
export type RegisterCall =
  /** Writes, whatever is there. */
  | { readonly kind: 'set'; readonly value: string }
  /** Writes where `expected` is there. */
  | { readonly kind: 'swap'; readonly expected: string | null; readonly value: string }
  /** Where `expected` was not there, and so nothing was written. */
  | { readonly kind: 'differs'; readonly expected: string | null }
  /** Where `expected` was there; null: nothing. */
  | { readonly kind: 'reads'; readonly expected: string | null };

/** A call with the time it took. */
export interface TimedCall {
  readonly call: RegisterCall;
  /** When it was begun. */
  readonly begin: number;
  /** When its outcome was known; infinite when it never was: it may have been carried out at any time since, or not at all. */
  readonly end: number;
}

/** The value after a call; undefined when the call cannot have had its outcome at that value. */
function after(value: string | null, call: RegisterCall): string | null | undefined {
  switch (call.kind) {
    case 'set':
      return call.value;
    case 'swap':
      return value === call.expected ? call.value : undefined;
    case 'differs':
      return value === call.expected ? undefined : value;
    case 'reads':
      return value === call.expected ? value : undefined;
  }
}

/** A call's begin or its end, in a list ordered by time. */
interface Event {
  readonly id: number;
  readonly call: RegisterCall;
  /** Of a begin: where the call ends; undefined when that is not known. */
  readonly match: Event | undefined;
  readonly isBegin: boolean;
  before: Event | undefined;
  next: Event | undefined;
}

/**
 * Whether there is an order of the calls that respects which ended before which began, and in which each has its outcome (Wing and
 * Gong's search, with Lowe's memory of what was tried). The register begins empty. Meant for histories of some hundred calls.
 */
export function isLinearizable(history: readonly TimedCall[]): boolean {
  const head = listOf(history);
  let open = history.filter(({ end }) => end !== Infinity).length;
  const tried = new Set<string>();
  const taken: { readonly event: Event; readonly value: string | null }[] = [];
  let done = 0n;
  let value: string | null = null;
  let event = head.next;
  while (open > 0) {
    if (event === undefined) return false;
    if (event.isBegin) {
      const next = after(value, event.call);
      const taking = done | (1n << BigInt(event.id));
      const key = `${taking.toString(36)} ${next ?? '-'}`;
      if (next === undefined || tried.has(key)) {
        event = event.next;
        continue;
      }
      tried.add(key);
      taken.push({ event, value });
      [done, value] = [taking, next];
      if (event.match !== undefined) open--;
      lift(event);
      event = head.next;
      continue;
    }
    // A call ends here that has no place yet: the last choice was wrong.
    const last = taken.pop();
    if (last === undefined) return false;
    putBack(last.event);
    if (last.event.match !== undefined) open++;
    done &= ~(1n << BigInt(last.event.id));
    value = last.value;
    event = last.event.next;
  }
  return true;
}

/** The list's head, which is no event itself. */
function listOf(history: readonly TimedCall[]): Event {
  const timed: { readonly at: number; readonly event: Event }[] = [];
  history.forEach(({ call, begin, end }, id) => {
    const common = { id, call, before: undefined, next: undefined };
    const match: Event | undefined =
      end === Infinity ? undefined : { ...common, match: undefined, isBegin: false };
    timed.push({ at: begin, event: { ...common, match, isBegin: true } });
    if (match !== undefined) timed.push({ at: end, event: match });
  });
  // At the same time, calls overlap: begins go first.
  timed.sort((a, b) => a.at - b.at || Number(b.event.isBegin) - Number(a.event.isBegin));
  const head: Event = {
    id: -1,
    call: { kind: 'reads', expected: null },
    match: undefined,
    isBegin: false,
    before: undefined,
    next: undefined,
  };
  let last = head;
  for (const { event } of timed) {
    event.before = last;
    last.next = event;
    last = event;
  }
  return head;
}

/** Takes a call out of the list. */
function lift(event: Event): void {
  unlink(event);
  if (event.match !== undefined) unlink(event.match);
}

/** Undoes {@link lift}, of the call that was lifted last. */
function putBack(event: Event): void {
  if (event.match !== undefined) link(event.match);
  link(event);
}

function unlink({ before, next }: Event): void {
  if (before !== undefined) before.next = next;
  if (next !== undefined) next.before = before;
}

function link(event: Event): void {
  if (event.before !== undefined) event.before.next = event;
  if (event.next !== undefined) event.next.before = event;
}
