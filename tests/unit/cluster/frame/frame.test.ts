import type { Frame } from '../../../../src/cluster/frame/frame.js';
import {
  MAX_FRAME_OPERATIONS,
  MAX_FRAME_PROPOSALS,
  decodeFrame,
  encodeFrame,
} from '../../../../src/cluster/frame/frame.js';
import { isDustError } from '../../../../src/errors.js';
import { refusalOf } from '../../store/open-store.js';

const HEAD: Omit<Frame, 'proposals'> = {
  session: { id: 's', since: 0 },
  number: 1,
  level: 1,
  applied: { position: 0, digest: '' },
};
const COMMIT = {
  kind: 'commit',
  by: { deviceId: null, clientOpId: 'x' },
  commands: [{ op: 'set', path: 'a', value: '€ \ud800' }],
};
const PROPOSALS: readonly object[] = [
  COMMIT,
  { ...COMMIT, commands: [{ op: 'set', path: 'a', value: 1, leafTypes: [['a', 'float']] }] },
  { ...COMMIT, isBatch: true, commands: [...COMMIT.commands, { op: 'check', path: 'a', revision: 0 }] },
  { ...COMMIT, commands: [{ op: 'put_file', path: 'f', file: { hash: 'sha256:0' } }] },
  { kind: 'rollback', request: { toSeq: 0 } },
  { kind: 'rollback', request: { toSeq: 0, path: 'a', deviceId: null } },
  { kind: 'compact' },
  { kind: 'compact', keep: 3 },
  { kind: 'limits', limits: { keep: 1, limit: 2 } },
  { kind: 'keepIndexes', prefix: 'r', definitions: [{ prefix: 'r', parts: [{}], unique: true }] },
  { kind: 'dropIndex', prefix: 'r', definition: { prefix: 'r', parts: [], unique: false } },
  { kind: 'barrier' },
];

const encoded = (proposals: readonly unknown[]): Uint8Array =>
  encodeFrame(
    HEAD,
    proposals.map((proposal) => JSON.stringify(proposal)),
  );
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it('a frame is read as it was written', () => {
  expect(decodeFrame(encoded(PROPOSALS), 3)).toEqual({ ...HEAD, proposals: PROPOSALS });
  expect(decodeFrame(encoded([]), 3)).toEqual({ ...HEAD, proposals: [] });
});

describe('what no node puts into one frame', () => {
  const batch = (operations: number): object => ({
    ...COMMIT,
    isBatch: true,
    commands: Array.from({ length: operations }, () => ({ op: 'delete', path: 'a' })),
  });
  const barriers = (count: number): object[] => Array.from({ length: count }, () => ({ kind: 'barrier' }));

  it.each<[string, readonly object[], readonly object[]]>([
    ['proposals', barriers(MAX_FRAME_PROPOSALS), barriers(1)],
    ['operations', [batch(MAX_FRAME_OPERATIONS - 1), batch(1)], [batch(1)]],
  ])('is refused: more %s', async (_, most, more) => {
    expect(decodeFrame(encoded(most), 3).proposals).toHaveLength(most.length);
    expect(await refusalOf(() => decodeFrame(encoded([...most, ...more]), 3))).toMatchObject({
      kind: 'storage',
      detail: 'broken_frame',
    });
  });

  it('is not one proposal alone: what a store makes of it is the store’s to say', () => {
    expect(decodeFrame(encoded([batch(MAX_FRAME_OPERATIONS + 1)]), 3).proposals).toHaveLength(1);
  });
});

it.each<[string, unknown]>([
  ['nothing', null],
  ['no kind', {}],
  ['a kind of a prototype', { kind: 'toString' }],
  ['no text for a kind', { kind: 1 }],
  ['a list', ['barrier']],
  ['no commands', { ...COMMIT, commands: [] }],
  ['several commands that are no batch', { ...COMMIT, commands: [...COMMIT.commands, ...COMMIT.commands] }],
  ['a command without a path', { ...COMMIT, commands: [{ op: 'set', value: 1 }] }],
  ['types that are no pairs', { ...COMMIT, commands: [{ op: 'set', path: 'a', value: 1, leafTypes: [1] }] }],
  ['a file without facts', { ...COMMIT, commands: [{ op: 'put_file', path: 'a' }] }],
  ['nobody', { ...COMMIT, by: undefined }],
  ['no client id', { ...COMMIT, by: { deviceId: null } }],
  ['an odd device', { ...COMMIT, by: { deviceId: 1, clientOpId: 'x' } }],
  ['no seq', { kind: 'rollback', request: {} }],
  ['an odd path', { kind: 'rollback', request: { toSeq: 1, path: 1 } }],
  ['an odd length', { kind: 'compact', keep: 'all' }],
  ['no limits', { kind: 'limits' }],
  ['no definitions', { kind: 'keepIndexes', prefix: 'r' }],
  ['odd definitions', { kind: 'keepIndexes', prefix: 'r', definitions: [{ prefix: 'r', unique: true }] }],
  ['no definition', { kind: 'dropIndex', prefix: 'r' }],
])('a proposal of %s is none', async (_, proposal) => {
  expect(await refusalOf(() => decodeFrame(encoded([{ kind: 'barrier' }, proposal]), 3))).toMatchObject({
    kind: 'storage',
    detail: 'broken_frame',
  });
});

const right = textOf(encoded([{ kind: 'barrier' }]));

it.each<[string, string]>([
  ['no JSON', 'frame'],
  ['no list', '{}'],
  ['too short', '[1]'],
  ['too long', right.replace(/\]$/, ',1]')],
  ['an older format', right.replace('[1,', '[0,')],
  ['a format that is no number', right.replace('[1,', '["1",')],
  ['a session without a name', right.replace('"s"', '""')],
  ['a session from nowhere', right.replace('["s",0]', '["s",-1]')],
  ['a session from half a place', right.replace('["s",0]', '["s",0.5]')],
  ['a number before the first', right.replace('],1,1,[', '],0,1,[')],
  ['a number beyond all', right.replace('],1,1,[', '],1e999,1,[')],
  ['no level', right.replace('],1,1,[', '],1,0,[')],
  ['a digest of nowhere', right.replace('[0,""]', '[null,""]')],
  ['a digest that is no text', right.replace('[0,""]', '[0,0]')],
  ['no proposals', right.replace(/\[\{.*\}\]\]$/, 'null]')],
])('%s is no frame', async (_, text) => {
  expect(text).not.toBe(right);
  expect(await refusalOf(() => decodeFrame(bytesOf(text), 3))).toMatchObject({ detail: 'broken_frame' });
});

it('a frame that lacks its end, or in which a byte is another one, is read or told', () => {
  const whole = encoded(PROPOSALS);
  for (let at = 0; at < whole.length; at++) {
    expect(() => decodeFrame(whole.slice(0, at), 3)).toThrow(/no frame/);
    const changed = new Uint8Array(whole);
    changed[at] = 255 - changed[at]!;
    const odd = [0x30, 0x5b, 0x22].map((byte) => Object.assign(new Uint8Array(whole), { [at]: byte }));
    for (const bytes of [changed, ...odd]) {
      try {
        decodeFrame(bytes, 3);
      } catch (error) {
        expect(isDustError(error, 'storage')).toBe(true);
      }
    }
  }
});

it('a later format is told from damage', async () => {
  expect(await refusalOf(() => decodeFrame(bytesOf('[2]'), 3))).toMatchObject({ detail: 'unknown_frame' });
});
