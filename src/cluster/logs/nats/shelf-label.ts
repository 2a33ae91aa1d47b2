/** What is known of a content that is whole. */
export interface ShelfLabel {
  /** Of the attempt that put it. */
  readonly id: string;
  readonly parts: number;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of all of it, in base64. */
  readonly hash: string;
}

/** A label as a message. */
export function labelBytes(label: ShelfLabel): Uint8Array {
  return Buffer.from(JSON.stringify(label));
}

/** The label of a message; undefined for what is none. */
export function readLabel(bytes: Uint8Array): ShelfLabel | undefined {
  try {
    const { id, parts, size, hash } = Object(JSON.parse(Buffer.from(bytes).toString())) as Readonly<
      Record<string, unknown>
    >;
    return typeof id === 'string' && isCount(parts) && isCount(size) && typeof hash === 'string'
      ? { id, parts, size, hash }
      : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
