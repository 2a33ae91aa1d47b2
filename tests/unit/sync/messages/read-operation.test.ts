import { MAX_PATH_BYTES } from '../../../../src/store/index.js';
import { isRecord, readOperation, readPath, readSeq } from '../../../../src/sync/messages/read-operation.js';
import { WireFault } from '../../../../src/sync/messages/read-value.js';

const EVENT = { store_seq: 5, op: 'set', path: 'a', value: 1, device_id: 'me', client_op_id: 'c5' };

const read = (changes: object) => readOperation({ ...EVENT, ...changes });

describe('an operation off the wire', () => {
  it('is what the event says', () => {
    const operation = { storeSeq: 5, op: 'set', path: 'a', value: 1, deviceId: 'me', clientOpId: 'c5' };
    expect(readOperation(EVENT)).toEqual(operation);
    expect(Object.keys(readOperation(EVENT))).not.toContain('commit');
  });

  it.each([
    [
      'names nobody where no text does',
      { device_id: 7, client_op_id: undefined },
      { deviceId: null, clientOpId: null },
    ],
    ['has the value null where there is none', { value: undefined }, { value: null }],
    ['that deletes has none', { op: 'delete', value: 1 }, { value: null }],
    ['that releases has none', { op: 'release', value: undefined }, { value: null }],
  ])('%s', (_, changes, expected) => {
    expect(read(changes)).toMatchObject(expected);
  });

  it.each<[op: string, fits: unknown[], faults: unknown[]]>([
    ['set', [1, null, 'x', [1], { b: 1 }], []],
    ['merge', [{}, { b: { c: 1 } }], [null, 1, [1], { _type: 'file', hash: 'x' }]],
    ['increment', [1, -0.5], [null, '1', [1], {}]],
    ['add', [[], ['x']], [null, 'x', {}]],
    ['remove', [[], ['x']], [null, 'x', {}]],
    ['put_file', [{ _type: 'file', hash: 'x' }], [null, 'x', [1]]],
    ['lease', [{ _type: 'lease', token: 1 }], [null, 1, [1]]],
    ['renew', [{ _type: 'lease', token: 1 }], [null, 1, [1]]],
  ])('%s has a value that fits it', (op, fits, faults) => {
    for (const value of fits) expect(read({ op, value }).value).toEqual(value);
    for (const value of faults) {
      expect(() => read({ op, value })).toThrow(new WireFault(`a value that is none for the op ${op}`));
    }
  });

  it.each<[string, unknown]>([
    ['no object', null],
    ['no object', [EVENT]],
    ['an unknown op', { ...EVENT, op: 'move' }],
    ['an op of every object', { ...EVENT, op: 'toString' }],
    ['an op that is no text', { ...EVENT, op: 1 }],
    ['the seq 0', { ...EVENT, store_seq: 0 }],
    ['no path', { ...EVENT, path: undefined }],
    ['a malformed path', { ...EVENT, path: 'a//b' }],
    ['a value that cannot be stored', { ...EVENT, value: Infinity }],
  ])('is no event with %s', (_, payload) => {
    expect(() => readOperation(payload)).toThrow(WireFault);
  });

  it('writes no leaf whose path is too long to be stored', () => {
    const room = MAX_PATH_BYTES - 2;
    for (const op of ['set', 'merge']) {
      expect(read({ op, value: { ['k'.repeat(room)]: 1 } }).path).toBe('a');
      expect(() => read({ op, value: { ['k'.repeat(room + 1)]: 1 } })).toThrow(
        'a path too long to be stored',
      );
    }
    // The keys of what is stored whole are no segments.
    expect(read({ value: { _type: 'file', ['k'.repeat(room + 1)]: 1 } }).path).toBe('a');
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    [
      { first: 5, last: 5 },
      { first: 5, last: 5 },
    ],
    [
      { first: 3, last: 7 },
      { first: 3, last: 7 },
    ],
  ])('of the commit %j is one of %j', (commit, expected) => {
    expect(read({ commit }).commit).toEqual(expected);
  });

  it.each([
    [5],
    [[5, 5]],
    [{ first: 6, last: 7 }],
    [{ first: 3, last: 4 }],
    [{ first: 0, last: 5 }],
    [{ first: 5 }],
  ])('is none of the commit %j', (commit) => {
    expect(() => read({ commit })).toThrow(WireFault);
  });

  it('says of a commit that is no object that it is none', () => {
    expect(() => read({ commit: [1, 2] })).toThrow('a commit that is not an object');
  });
});

describe('parts of messages', () => {
  it('a seq is an integer from the least that there is', () => {
    expect([readSeq(0), readSeq(1, 1), readSeq(Number.MAX_SAFE_INTEGER)]).toEqual([
      0,
      1,
      Number.MAX_SAFE_INTEGER,
    ]);
    for (const [input, least] of [[-1], [0, 1], [1.5], ['1'], [2 ** 53], [null]] as const) {
      expect(() => readSeq(input, least)).toThrow(WireFault);
    }
  });

  it.each([
    ['one byte', 'a', MAX_PATH_BYTES],
    ['two bytes', 'é', MAX_PATH_BYTES / 2],
    ['three bytes', '€', Math.floor(MAX_PATH_BYTES / 3)],
  ])('a path of characters of %s is as long as can be stored', (_, character, most) => {
    expect(readPath(character.repeat(most))).toHaveLength(most);
    expect(() => readPath(character.repeat(most + 1))).toThrow('a path too long to be stored');
  });

  it('a record is an object that is no list', () => {
    expect([{}, Object.create(null), [], null, 'x', undefined].map(isRecord)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
