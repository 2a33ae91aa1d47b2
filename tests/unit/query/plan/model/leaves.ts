/** How values of a property compare. */
export type Kind =
  | 'slug'
  | 'string'
  | 'number'
  | 'boolean'
  | 'date'
  | 'bigint'
  | 'decimal'
  | 'bytes'
  | 'enum'
  | 'json'
  | 'list'
  | 'set'
  | 'nested';

/** A property of the rows of these tests, or a part of one. */
export interface RowLeaf {
  /** From the entity down: `adr.city`. */
  readonly name: string;
  readonly kind: Kind;
  /** What rows hold there. */
  readonly values: readonly unknown[];
  /** What a where asks for beside those. */
  readonly operands: readonly unknown[];
  /** What is stored of a value. */
  readonly stored: (value: any) => unknown;
  /** Whether it may be null or missing. */
  readonly isNullable: boolean;
}

export class Money {
  constructor(readonly cents: number) {}
}

const leaf = (
  name: string,
  kind: Kind,
  values: readonly unknown[],
  { operands = [], stored = (value: unknown) => value, isNullable = true }: Partial<RowLeaf> = {},
): RowLeaf => ({ name, kind, values, operands, stored, isNullable });

const TEXTS = ['', 'a', 'A', 'ab', 'abc', 'a%', 'a_b', 'b', 'é', '～', '😀', '😀x', 'a\0', 'zz'];
const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);
const day = (number: number): Date => new Date(Date.UTC(2020, 0, number));

export const SLUGS: readonly string[] = [
  ...['a', 'a-2', 'a.b', 'ab', 'aB', 'b', 'B', 'a/b', 'a~b', 'ä', '～', '😀', '0', 'z', 'a b', 'aa', 'a0'],
  ...['b-1', 'b/', 'b~1', 'ba', 'c', 'c-', 'c0', 'ca', 'd', 'e', 'f', 'g', 'h', '😀-', '~'],
];

export const SLUG = leaf('slug', 'slug', SLUGS, { operands: ['a!', 'b.', '~0', 'm', '\u{10ffff}', 'a/'] });

/** The time of deletion, of classes that have one. */
export const DELETED = leaf('del', 'date', []);

/** All properties, parts of nested ones behind their dots. */
export const LEAVES: readonly RowLeaf[] = [
  leaf('str', 'string', TEXTS, { operands: ['aa', '\u{10ffff}', 'a\0\0'] }),
  leaf('int', 'number', [-2, 0, 1, 2, 3], { operands: [0.5, -0, Infinity, -Infinity, 2 ** 60] }),
  leaf('flt', 'number', [-1.5, 0, 0.5, 1, 1e9], { operands: [-0, Infinity, 5e-324] }),
  leaf('boo', 'boolean', [false, true]),
  leaf('dat', 'date', [1, 2, 3, 40].map(day), { operands: [day(-9), new Date(8.64e15), new Date(-1)] }),
  leaf('big', 'bigint', [-5n, 0n, 7n, 10n ** 20n], { operands: [1n, -(10n ** 30n)] }),
  leaf('dec', 'decimal', ['1.0', '1.00', '-2', '10', '10.0', '2', '0.5', '0'], {
    operands: ['1', '-0', '1e-7', '1e1', '99'],
  }),
  leaf('byt', 'bytes', [bytes(), bytes(0), bytes(0, 1), bytes(255)], { operands: [bytes(1)] }),
  leaf('enu', 'enum', ['red', 'green', 'blue']),
  leaf('num', 'enum', [1, 2, 10]),
  leaf('jsn', 'json', [{ a: 1 }, { a: 2, b: [] }, [1], 'x', 0], { operands: [{ a: 1, b: 2 }] }),
  leaf('arr', 'list', [[], ['x'], ['x', 'y'], ['z']]),
  leaf('lab', 'set', [['x'], ['x', 'y']], { isNullable: false }),
  leaf('cnt', 'number', [0, 1, 5], { isNullable: false }),
  leaf('mon', 'number', [new Money(0), new Money(5), new Money(20)], {
    operands: [new Money(7)],
    stored: (value: Money) => value.cents,
  }),
  leaf('low', 'string', ['a', 'ab', 'b'], {
    operands: ['A', 'AB'],
    stored: (value: string) => value.toLowerCase(),
  }),
  leaf('ini', 'string', ['new', 'old', 'mid']),
  leaf('adr', 'nested', []),
  leaf('adr.city', 'string', ['Rome', 'Oslo', 'Bern'], { operands: ['Ulm'] }),
  leaf('adr.zip', 'string', ['1', '2', '10']),
  leaf('adr.geo.lat', 'number', [0, 41.5, -10]),
];

export function isOrderable({ kind }: RowLeaf): boolean {
  return !['json', 'list', 'set', 'nested'].includes(kind);
}
