import fc from 'fast-check';
import type { JsonValue } from '../../src/protocol/values/value.js';
import type { Mutation } from './inputs/mutate-bytes.js';
import { MUTATION_KINDS, mutate } from './inputs/mutate-bytes.js';
import { mutateJson } from './inputs/mutate-json.js';
import { mutatedBytes } from './inputs/mutated-bytes.js';
import { asBytes, asText } from './inputs/form.js';

const material = { samples: [Buffer.from('another one')], words: ['WORD'] };

function mutated(text: string, mutation: Partial<Mutation>): string {
  const whole = { kind: 'flip', at: 0, length: 0, choice: 0, ...mutation } as const;
  return Buffer.from(mutate(Buffer.from(text), whole, material)).toString('latin1');
}

describe('a mutation of bytes', () => {
  it.each<[string, Partial<Mutation>, string]>([
    ['flips one bit', { kind: 'flip', at: 1, choice: 0 }, 'acc 12'],
    ['cuts a piece', { kind: 'cut', at: 1, length: 1, choice: 1 }, 'a 12'],
    ['cuts off the rest', { kind: 'cut', at: 2, choice: 4 }, 'ab'],
    ['inserts bytes', { kind: 'insert', at: 3, length: 0, choice: 0x2b }, 'abc+ 12'],
    ['repeats a piece', { kind: 'duplicate', at: 0, length: 1, choice: 1 }, 'abababc 12'],
    ['goes on with another sample', { kind: 'splice', at: 3, length: 7 }, 'abc one'],
    ['makes a number another one', { kind: 'magnify', at: 0, choice: 3 }, 'abc 1e999'],
    ['puts extreme numbers', { kind: 'extreme', at: 5, length: 0, choice: 4 }, 'abc 1\u00ff'],
    ['puts a word in', { kind: 'word', at: 3, length: 1 }, 'abcWORD 12'],
  ])('%s', (_what, mutation, expected) => {
    expect(mutated('abc 12', mutation)).toBe(expected);
  });

  it('takes any numbers, for any bytes, and leaves the original as it was', () => {
    const numbers = fc.record({
      kind: fc.constantFrom(...MUTATION_KINDS),
      at: fc.nat(),
      length: fc.nat(),
      choice: fc.nat(),
    });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), numbers, (bytes, mutation) => {
        const before = [...bytes];
        expect(mutate(bytes, mutation, material)).toBeInstanceOf(Uint8Array);
        expect([...bytes]).toEqual(before);
      }),
    );
  });

  it('is drawn from a seed, the same each time, and sometimes is none', () => {
    const sample = Buffer.from('{"path":"a/b","value":12}');
    const draw = (): string[] =>
      fc
        .sample(mutatedBytes({ samples: [sample], words: ['~'] }), { seed: 7, numRuns: 200 })
        .map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(draw()).toEqual(draw());
    expect(new Set(draw()).size).toBeGreaterThan(100);
    expect(draw()).toContain(sample.toString('hex'));
  });
});

describe('a mutation of JSON', () => {
  const json: JsonValue = { a: 1, b: ['x'] };
  const at = (kind: Parameters<typeof mutateJson>[1]['kind'], node: number, value: JsonValue = 9): unknown =>
    mutateJson(json, { kind, node, value, key: 'k' });

  it('does one thing to one value', () => {
    expect(at('replace', 1)).toEqual({ a: 9, b: ['x'] });
    expect(at('remove', 2)).toEqual({ a: 1 });
    expect(at('remove', 0)).toBeUndefined();
    expect(at('rename', 1)).toEqual({ k: 1, b: ['x'] });
    expect(at('wrap', 3)).toEqual({ a: 1, b: [{ k: 'x' }] });
    expect(at('wrap', 3, [])).toEqual({ a: 1, b: [['x']] });
    expect(at('add', 2)).toEqual({ a: 1, b: ['x', 9] });
    expect(at('add', 0)).toEqual({ a: 1, b: ['x'], k: 9 });
    expect(at('repeat', 1)).toEqual({ a: [1, 1, 1], b: ['x'] });
  });

  it('takes __proto__ for a key like any other', () => {
    const renamed = mutateJson(json, { kind: 'rename', node: 1, value: null, key: '__proto__' });
    expect(JSON.stringify(renamed)).toBe('{"__proto__":1,"b":["x"]}');
  });
});

describe('an input in a file', () => {
  it('is what it was, as text or as bytes', () => {
    for (const bytes of [Buffer.from('é\u0000'), Buffer.from([0xff, 0x00])]) {
      expect(Buffer.from(asBytes.read(asBytes.write(bytes)))).toEqual(bytes);
    }
    expect(
      asText.read({
        pieces: [
          ['[', 3],
          [']', 2],
        ],
      }),
    ).toBe('[[[]]');
    expect(() => asText.read({ txt: 'a' })).toThrow('{ text } or { pieces } is missing');
  });
});
