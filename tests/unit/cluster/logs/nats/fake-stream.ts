/** A message that a fake stream holds. */
interface Held {
  readonly seq: number;
  readonly subject: string;
  readonly data: string;
  readonly time: string;
}

/** An answer of JetStream. */
export type Answer = Readonly<Record<string, unknown>>;

export const refused = (err_code: number, description: string): Answer => ({
  error: { code: 400, err_code, description },
});

const NO_MESSAGE = refused(10_037, 'no message found');

/** A stream of JetStream as the log and its shelf see one. Behaves as nats-server 2.9 was seen to. */
export class FakeStream {
  readonly config: Readonly<Record<string, unknown>>;
  messages: Held[] = [];
  first = 0;
  last = 0;

  constructor(config: Readonly<Record<string, unknown>>) {
    this.config = config;
  }

  info(filter?: string): Answer {
    const found = this.messages.filter(({ subject }) => filter !== undefined && matches(subject, filter));
    const subjects = Object.fromEntries(found.map(({ subject }) => [subject, 1]));
    return {
      config: this.config,
      state: {
        messages: this.messages.length,
        first_seq: this.first,
        last_seq: this.last,
        ...(found.length === 0 ? {} : { subjects }),
      },
      total: Object.keys(subjects).length,
    };
  }

  publish(subject: string, bytes: Uint8Array, isFirst: boolean, time: number): Answer {
    if (isFirst && this.messages.some((held) => held.subject === subject)) {
      return refused(10_071, 'wrong last sequence');
    }
    const seq = ++this.last;
    if (this.messages.length === 0) this.first = seq;
    const data = Buffer.from(bytes).toString('base64');
    this.messages.push({ seq, subject, data, time: new Date(time).toISOString() });
    return { stream: this.config.name, seq };
  }

  message({
    seq = 0,
    next_by_subj: next,
    last_by_subj: last,
  }: {
    readonly seq?: number;
    readonly next_by_subj?: string;
    readonly last_by_subj?: string;
  }): Answer {
    const message =
      last === undefined
        ? this.messages.find((held) => held.seq >= seq && held.subject === next)
        : this.messages.findLast((held) => held.subject === last);
    return message === undefined ? NO_MESSAGE : { message };
  }

  purge({ seq, filter }: { readonly seq?: number; readonly filter?: string }): Answer {
    this.messages = this.messages.filter(
      (held) =>
        (seq !== undefined && held.seq >= seq) || (filter !== undefined && !matches(held.subject, filter)),
    );
    if (seq !== undefined && seq > this.last) this.last = seq - 1;
    this.first = this.messages[0]?.seq ?? this.last + 1;
    return { success: true };
  }
}

function matches(subject: string, filter: string): boolean {
  if (filter.endsWith('.>')) return subject.startsWith(filter.slice(0, -1));
  if (!filter.endsWith('.*')) return subject === filter;
  const front = filter.slice(0, -1);
  return subject.startsWith(front) && !subject.slice(front.length).includes('.');
}
