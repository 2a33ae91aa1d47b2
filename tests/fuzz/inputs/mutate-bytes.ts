/** What a mutation does to the bytes at its place. */
export const MUTATION_KINDS = [
  'flip',
  'cut',
  'insert',
  'duplicate',
  'splice',
  'magnify',
  'extreme',
  'word',
] as const;

/** One change of a byte string. The numbers are drawn without knowing it: each is taken modulo what there is. */
export interface Mutation {
  readonly kind: (typeof MUTATION_KINDS)[number];
  readonly at: number;
  readonly length: number;
  readonly choice: number;
}

/** What mutations draw on besides the bytes themselves. */
export interface Material {
  /** Other valid inputs, to be spliced with. */
  readonly samples: readonly Uint8Array[];
  /** Words that mean something to whoever reads the input. */
  readonly words: readonly string[];
}

/** Numbers at the edges of what readers hold them in. */
const NUMBERS = [
  ...['0', '-0', '-1', '1e999', '-1e999', '1e-999', '0.1', '00', '4294967295', '4294967296', '-2147483649'],
  ...['2147483648', '9007199254740991', '9007199254740993', '18446744073709551616', '1'.repeat(400)],
];

const EXTREMES = [0x00, 0x01, 0x7f, 0x80, 0xff];
const WIDTHS = [1, 2, 4, 8];

/** A changed copy. */
export function mutate(bytes: Uint8Array, mutation: Mutation, material: Material): Uint8Array {
  const { kind, at, length, choice } = mutation;
  const start = at % (bytes.length + 1);
  const end = Math.min(bytes.length, start + 1 + (length % 32));
  const put = (middle: Uint8Array, rest = start): Uint8Array =>
    Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(rest)]);
  switch (kind) {
    case 'flip':
      return put(Uint8Array.of((bytes[start] ?? 0) ^ (1 << (choice % 8))), start + 1);
    case 'cut':
      return put(new Uint8Array(), choice % 4 === 0 ? bytes.length : end);
    case 'insert':
      return put(Uint8Array.from({ length: 1 + (length % 8) }, (_, i) => (choice >>> (i % 24)) & 0xff));
    case 'duplicate':
      return put(repeated(bytes.subarray(start, end), 1 + (choice % (choice % 16 === 0 ? 200 : 3))));
    case 'splice':
      return put(tailOf(material.samples[choice % material.samples.length], length), bytes.length);
    case 'magnify':
      return magnified(bytes, start, NUMBERS[choice % NUMBERS.length] ?? '0');
    case 'extreme':
      return put(extreme(choice), start + (WIDTHS[length % WIDTHS.length] ?? 1));
    case 'word':
      return put(Buffer.from(material.words[choice % material.words.length] ?? ''), length % 2 ? start : end);
  }
}

function repeated(piece: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => piece));
}

function tailOf(sample: Uint8Array = new Uint8Array(), from: number): Uint8Array {
  return sample.subarray(from % (sample.length + 1));
}

function extreme(choice: number): Uint8Array {
  const width = WIDTHS[(choice >>> 3) % WIDTHS.length] ?? 1;
  return new Uint8Array(width).fill(EXTREMES[choice % EXTREMES.length] ?? 0);
}

/** The number written in digits nearest behind `start`, or else the first one, replaced. */
function magnified(bytes: Uint8Array, start: number, number: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const digits = [...text.matchAll(/-?\d+/g)];
  const found = digits.find(({ index }) => index >= start) ?? digits[0];
  if (found === undefined) return bytes;
  return Buffer.from(
    text.slice(0, found.index) + number + text.slice(found.index + found[0].length),
    'latin1',
  );
}
