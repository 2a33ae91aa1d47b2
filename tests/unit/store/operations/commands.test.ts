import type { Command } from '../../../../src/store/operations/commands.js';
import {
  batchCommands,
  leaseCommand,
  putFileCommand,
  releaseCommand,
  renewCommand,
  writeCommand,
} from '../../../../src/store/operations/commands.js';
import type { BatchRequest, WriteOperation } from '../../../../src/store/index.js';

type BatchOperation = BatchRequest['operations'][number];

const COMMANDS: readonly (readonly [string, (path: string) => unknown])[] = [
  ['a write', (path) => writeCommand({ op: 'set', path, value: 1 })],
  ['a batch', (path) => batchCommands({ operations: [{ op: 'set', path, value: 1 }] })],
  ['a check in a batch', (path) => batchCommands({ operations: [{ op: 'check', path, revision: 0 }] })],
  ['a file', (path) => putFileCommand({ path, content: Buffer.from('x'), filename: 'x' })],
  ['a lease', (path) => leaseCommand({ path })],
  ['a renewal', (path) => renewCommand({ path, token: 1 })],
  ['a release', (path) => releaseCommand({ path, token: 1 })],
];

describe.each(COMMANDS)('%s', (_, make) => {
  it.each(['', 'a//b', '/a', 'a/', 'x'.repeat(3_801)])('is refused a path that cannot be (%#)', (path) => {
    expect(() => make(path)).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
  });

  it('takes the longest one', () => {
    expect(() => make('x'.repeat(3_800))).not.toThrow();
  });
});

describe('preconditions', () => {
  const OPERATIONS: readonly WriteOperation[] = [
    { op: 'set', path: 'a', value: { b: 1 } },
    { op: 'merge', path: 'a', value: { b: 1 } },
    { op: 'increment', path: 'a', value: 1 },
    { op: 'add', path: 'a', value: 1 },
    { op: 'remove', path: 'a', value: 1 },
  ];

  it.each(OPERATIONS.map((operation) => [operation.op, operation] as const))(
    'are not for every operation: %s',
    (_, operation) => {
      expect(() => writeCommand({ ...operation, ifMatch: 1 })).toThrow(
        expect.objectContaining({ kind: 'invalid_params' }),
      );
    },
  );

  it('are for the set of a leaf, and for a delete', () => {
    const set: WriteOperation = { op: 'set', path: 'a', value: 1 };
    expect(writeCommand({ ...set, ifMatch: 1 })).toMatchObject({ op: 'set', ifMatch: 1 });
    expect(writeCommand({ ...set, ifAbsent: true })).toMatchObject({ op: 'set', ifAbsent: true });
    expect(writeCommand({ op: 'delete', path: 'a', ifMatch: 1 })).toMatchObject({ op: 'delete', ifMatch: 1 });
    expect(() => writeCommand({ op: 'delete', path: 'a', ifMatch: -1 })).toThrow();
  });
});

describe('what is left out', () => {
  it('of a lease is half a minute, and nobody in particular', () => {
    expect(leaseCommand({ path: 'l' })).toEqual({ op: 'lease', path: 'l', ttl: 30_000, holder: null });
    expect(renewCommand({ path: 'l', token: 7 })).toEqual({ op: 'renew', path: 'l', token: 7, ttl: 30_000 });
    expect(leaseCommand({ path: 'l', ttl: 5, holder: 'me' })).toMatchObject({ ttl: 5, holder: 'me' });
    expect(() => leaseCommand({ path: 'l', ttl: 0 })).toThrow();
    expect(() => leaseCommand({ path: 'l', holder: '\ud800' })).toThrow();
  });

  it('of a file is that it is bytes', () => {
    const command = putFileCommand({ path: 'f', content: Buffer.from('x'), filename: 'x' });
    expect(command).toMatchObject({ file: { blob: { contentType: 'application/octet-stream' } } });
  });
});

it('a file is a copy of what was given', () => {
  const content = Buffer.from('abc');
  const command = putFileCommand({ path: 'f', content, filename: 'x', contentType: 'text/plain' });
  content.fill(0);
  const { file } = command as Extract<Command, { op: 'put_file' }>;
  expect(file).toEqual({
    hash: 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    filename: 'x',
    contentType: 'text/plain',
    size: 3,
    blob: { content: new Uint8Array(Buffer.from('abc')), contentType: 'text/plain', filename: 'x' },
  });
});

it('the operations of a batch carry their places', () => {
  const operations: BatchOperation[] = [
    { op: 'merge', path: 'a', value: { x: 1 } },
    { op: 'check', path: 'b', revision: 3 },
    { op: 'delete', path: 'c' },
  ];
  expect(batchCommands({ operations }).map(({ path, opIndex }) => [path, opIndex])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
  const bad: BatchOperation = { op: 'set', path: 'a//b', value: 1 };
  expect(() => batchCommands({ operations: [...operations, bad] })).toThrow(
    expect.objectContaining({ kind: 'invalid_params', opIndex: 3 }),
  );
});

describe('what is left out of a request', () => {
  it('is the holder of a lease, unless it is a text without characters', () => {
    expect([undefined, null, '', 'me'].map((holder) => leaseCommand({ path: 'a', holder }))).toMatchObject([
      { holder: null },
      { holder: null },
      { holder: '' },
      { holder: 'me' },
    ]);
  });

  it('is the media type of a file, which is one of bytes then', () => {
    const typeOf = (contentType?: string): unknown => {
      const command = putFileCommand({ path: 'a', content: Buffer.from('x'), filename: 'x', contentType });
      return command.op === 'put_file' && command.file.contentType;
    };
    expect([typeOf(), typeOf('text/plain')]).toEqual(['application/octet-stream', 'text/plain']);
  });
});

it.each([undefined, null, 5, {}])('a batch of %j is refused', (operations: any) => {
  expect(() => batchCommands({ operations })).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
});
