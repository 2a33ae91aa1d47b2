import { openPostgresLog } from '../../../src/cluster/logs/postgres/postgres-log.js';

/** What a frame tells without its meaning, of whatever version. */
export interface SeenFrame {
  readonly level: number;
  /** Of its proposals. */
  readonly kinds: readonly string[];
}

type Wire = readonly [
  version: number,
  session: unknown,
  number: number,
  level: number,
  applied: unknown,
  proposals: readonly { readonly kind: string }[],
];

/** All frames of a log that was not trimmed. */
export async function framesOf(url: string, store: string): Promise<readonly SeenFrame[]> {
  const log = await openPostgresLog({ url, store, mustExist: true });
  try {
    const frames: SeenFrame[] = [];
    for (;;) {
      const entries = await log.read(frames.length + 1, { maxBytes: 4_194_304 });
      if (entries.length === 0) return frames;
      for (const { bytes } of entries) {
        const [, , , level, , proposals] = JSON.parse(new TextDecoder().decode(bytes)) as Wire;
        frames.push({ level, kinds: proposals.map(({ kind }) => kind) });
      }
    }
  } finally {
    await log.close();
  }
}
