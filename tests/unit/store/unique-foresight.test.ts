import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import type { JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import type { BatchOperation } from '../../../src/store/index.js';
import { UniqueForesight, duplicateOf } from '../../../src/store/unique-foresight.js';

const unique = (prefix: string, ...paths: string[]): IndexDefinition => ({
  prefix,
  parts: paths.map((path) => ({ path, type: 'string' as const })),
  unique: true,
});
const BY_MAIL = unique('p', 'mail');
const BY_PLACE = unique('p', 'address/city', 'address/street');
const BY_CODE = unique('q/r', 'code');
const WITH_ABSENT: IndexDefinition = {
  prefix: 's',
  parts: [{ path: 'x', type: 'string', absent: 'none' }],
  unique: true,
};
const WITH_EMPTY: IndexDefinition = {
  prefix: 't',
  parts: [{ path: 'x', type: 'string', absent: '' }],
  unique: true,
};

const leaf = (path: string, value: JsonValue): Leaf => ({ path, value, type: 'string', revision: 1 });
const set = (path: string, value: JsonValue): BatchOperation => ({ op: 'set', path, value });

describe('what writes will do to unique values', () => {
  const foresight = new UniqueForesight([BY_MAIL, BY_PLACE, BY_CODE, WITH_ABSENT, WITH_EMPTY]);

  it('is told by the leaves of the parts, unless one is nested or counts as something when it is absent', () => {
    expect([foresight.isEmpty, new UniqueForesight([]).isEmpty]).toStrictEqual([false, true]);
    expect(['p', 'q/r', 's', 'none'].map((prefix) => foresight.isToldByParts(prefix))).toStrictEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(foresight.partsOf('p/a')).toStrictEqual(['p/a/mail', 'p/a/address/city', 'p/a/address/street']);
    expect(foresight.partsOf('q/r/a')).toStrictEqual(['q/r/a/code']);
    expect(foresight.partsOf('none/a')).toStrictEqual([]);
    expect(new UniqueForesight([BY_MAIL, { ...BY_MAIL, unique: false }]).partsOf('p/a')).toStrictEqual([
      'p/a/mail',
    ]);
  });

  it.each<[BatchOperation, string[], string[]]>([
    [set('p/a', { mail: 'x' }), ['p/a'], []],
    [set('p/a/mail', 'x'), ['p/a'], []],
    [set('p/a/other', 'x'), [], []],
    [set('p/a/address/zip', 'x'), ['p/a'], []],
    [set('p/a/address', {}), ['p/a'], []],
    [set('s/a/other', 'x'), ['s/a'], []],
    [set('t/a/other', 'x'), ['t/a'], []],
    [set('p', {}), [], ['p']],
    [{ op: 'delete', path: 'q' }, [], ['q/r']],
    [{ op: 'delete', path: 'q/r/a' }, ['q/r/a'], []],
    [{ op: 'merge', path: 'p', value: { a: { mail: 'x' }, b: { other: 'x' } } }, ['p/a'], []],
    [{ op: 'merge', path: 'q', value: { r: { a: { code: 'x' } }, o: { a: { code: 'x' } } } }, ['q/r/a'], []],
    [{ op: 'check', path: 'p/a', revision: 1 }, [], []],
    [{ op: 'increment', path: 'p/a/mail', value: 1 }, ['p/a'], []],
    [set('o/a/mail', 'x'), [], []],
    [set('pp/a/mail', 'x'), [], []],
  ])('touches the records whose values it may change: %j', (operation, records, prefixes) => {
    const touched = foresight.touchedBy([operation]);
    expect([[...touched.records], [...touched.prefixes]]).toStrictEqual([records, prefixes]);
  });

  it('knows the values of a record, those that are all there', () => {
    const valuesOf = (...leaves: Leaf[]) =>
      foresight.valuesOf('p/a~1b', leaves).map(({ definition, key, slug }) => [definition, key, slug]);
    const mail = leaf('p/a~1b/mail', 'x');
    expect(valuesOf(mail, leaf('p/a~1b/address/city', 'c'))).toStrictEqual([[BY_MAIL, '0x\0', 'a/b']]);
    expect(valuesOf(leaf('p/a~1b/address/street', 's'), leaf('p/a~1b/address/city', 'c'))).toStrictEqual([
      [BY_PLACE, '0c\x000s\0', 'a/b'],
    ]);
    expect(valuesOf(leaf('p/a~1b', 'own'), leaf('p/other/mail', 'x'))).toStrictEqual([]);
    expect(foresight.valuesOf('s/a', [leaf('s/a/y', 'x')]).map(({ key }) => key)).toStrictEqual(['0none\0']);
    expect(foresight.valuesOf('s/a', [])).toStrictEqual([]);
    expect(foresight.valuesOf('s/a', [leaf('s/a', 'own'), leaf('s/b/x', 'other')])).toStrictEqual([]);
  });

  it('is seen before and behind them, whatever they ask of the store', () => {
    const leaves = [
      leaf('p/a/mail', 'x'),
      leaf('p/b/mail', 'y'),
      leaf('p/b', 'own'),
      leaf('q/r/a/code', '1'),
    ];
    const keysOf = (operations: readonly BatchOperation[]) => {
      const { before, after } = foresight.foresee(operations, leaves, true);
      return [before, after].map((values) => values.map(({ slug, key }) => `${slug} ${key}`));
    };
    expect(keysOf([{ op: 'set', path: 'p/a/mail', value: 'z', ifMatch: 77 }])).toStrictEqual([
      ['a 0x\0'],
      ['a 0z\0'],
    ]);
    expect(keysOf([{ op: 'merge', path: 'p/a', value: { mail: 'm' } }])).toStrictEqual([
      ['a 0x\0'],
      ['a 0m\0'],
    ]);
    expect(keysOf([{ op: 'delete', path: 'p/a', ifMatch: 77 }])).toStrictEqual([['a 0x\0'], []]);
    expect(keysOf([set('p', { c: { mail: 'n' } })])).toStrictEqual([[], ['c 0n\0']]);
    expect(keysOf([{ op: 'set', path: 'p/c/mail', value: 'n', ifAbsent: true }])).toStrictEqual([
      [],
      ['c 0n\0'],
    ]);
    expect(keysOf([set('p/a/mail', 1), { op: 'check', path: 'p/b', revision: 9 }])).toStrictEqual([
      ['a 0x\0'],
      [],
    ]);
  });

  it('is refused as a store would that holds other records, too', () => {
    const operations: BatchOperation[] = [
      { op: 'check', path: 'p/b', revision: 9 },
      set('p/b/other', 'o'),
      set('p/b/mail', 'x'),
    ];
    const held = foresight.valuesOf('p/a', [leaf('p/a/mail', 'x')]);
    const refusal = (isBatch: boolean, of: typeof held = held) => {
      try {
        foresight.foresee(operations, [], isBatch).assertUnique(of);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    expect(refusal(true)).toMatchObject({ kind: 'exists', detail: 'duplicate', path: 'p/b', opIndex: 2 });
    expect(refusal(false)).not.toMatchObject({ opIndex: 2 });
    expect(refusal(true, [])).toBeUndefined();
    const place = { 'address/city': 'c', 'address/street': 's' };
    const placed = Object.entries(place).map(([path, value]) => leaf(`p/a/${path}`, value));
    expect(() => {
      const moved = foresight.foresee([set('p/b', { address: { city: 'c', street: 's' } })], [], false);
      moved.assertUnique(foresight.valuesOf('p/a', placed));
    }).toThrow(expect.objectContaining({ kind: 'exists', detail: 'duplicate' }));
    expect(refusal(true, foresight.valuesOf('p/b', [leaf('p/b/mail', 'x')]))).toBeUndefined();
    expect(
      refusal(
        true,
        held.map((values) => ({ ...values, definition: BY_CODE })),
      ),
    ).toBeUndefined();
    const another = new UniqueForesight([BY_MAIL]).foresee([set('o/a', 'x')], [], false);
    expect(() => {
      another.assertUnique(held);
    }).not.toThrow();
  });

  it('is told of in the words of the store', () => {
    const [values] = foresight.valuesOf('p/a', [leaf('p/a/mail', 'x')]);
    expect(duplicateOf({ path: 'p/b' }, values!, 'a/ä')).toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
      path: 'p/b',
      duplicate: { paths: ['mail'], values: ['x'], slug: 'a/ä' },
    });
  });
});
