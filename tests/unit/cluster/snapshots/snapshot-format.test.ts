import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { NOTHING_APPLIED, storedMark } from '../../../../src/cluster/apply/cluster-mark.js';
import {
  readSnapshot,
  snapshotBytes,
  verifySnapshot,
} from '../../../../src/cluster/snapshots/snapshot-format.js';
import { positionOf, snapshotName } from '../../../../src/cluster/snapshots/snapshot-name.js';
import type { HeldState, StatePiece } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { Draw } from '../../query/plan/model/draw.js';
import { copiedStore, stateOf } from '../../store/copying/copied-store.js';
import { refusalOf } from '../../store/open-store.js';

const POSITION = 12;

const held = (pieces: readonly StatePiece[]): HeldState => ({
  pieces: () => pieces,
  release: () => undefined,
});

async function bytesOf(pieces: readonly StatePiece[]): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const bytes of snapshotBytes(held(pieces))) all.push(bytes);
  return Buffer.concat(all);
}

async function* inPieces(bytes: Uint8Array, size = 1_000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(bytes: Uint8Array, size?: number): Promise<StatePiece[]> {
  const pieces: StatePiece[] = [];
  for await (const piece of readSnapshot(inPieces(bytes, size), POSITION)) pieces.push(piece);
  return pieces;
}

/** The records of bytes, as texts. */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  const all = gunzipSync(bytes);
  for (let at = 0; at < all.length;) {
    const size = all.readUInt32BE(at);
    texts.push(all.toString('utf8', at + 4, at + 4 + size));
    at += 4 + size;
  }
  return texts;
}

function record(text: string): Buffer {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** A snapshot of other records, whose checksum is right all the same. */
function forged(texts: readonly string[]): Buffer {
  const before = texts.slice(0, -1).map(record);
  const checksum = createHash('sha256').update(Buffer.concat(before)).digest('hex');
  const [kind, counts] = JSON.parse(texts.at(-1)!) as unknown[];
  return gzipSync(Buffer.concat([...before, record(JSON.stringify([kind, counts, checksum]))]));
}

describe('a snapshot', () => {
  let pieces: readonly StatePiece[];
  let bytes: Buffer;

  beforeAll(async () => {
    const source = copiedStore(createMemoryStorage());
    await source.copy.keepIndexes('r', [
      { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true },
    ]);
    for (let i = 0; i < 30; i++) {
      await source.apply([
        { op: 'set', path: `r/${i}`, value: { u: `ü${i}`, __proto__x: null, 'a~b': [1, { c: 1.5e300 }] } },
        { op: 'increment', path: 'n', value: 1 },
        { op: 'set', path: 'f', value: 3, leafTypes: new Map([['f', 'float']]) },
      ]);
    }
    await source.copy.apply({
      time: 9,
      requests: [{ kind: 'compact', keep: 7 }],
      markOf: () => storedMark({ ...NOTHING_APPLIED, position: POSITION }),
    });
    await source.apply([{ op: 'set', path: 'r/1/u', value: 'other' }]);
    await source.copy.apply({
      time: 9,
      requests: [],
      markOf: () => storedMark({ ...NOTHING_APPLIED, position: POSITION }),
    });
    pieces = stateOf(source);
    bytes = await bytesOf(pieces);
    await source.store.close();
  });

  it('is read as it was written, however its bytes arrive', async () => {
    expect(pieces.map(({ kind }) => kind)).toEqual(['head', 'leaves', 'overlay', 'operations']);
    for (const size of [1, 3, 1_000, 1_000_000]) expect(await read(bytes, size)).toEqual(pieces);
    await verifySnapshot(inPieces(bytes), POSITION);
  });

  it('has values that nobody can change', async () => {
    for (const piece of await read(bytes)) {
      if (piece.kind === 'leaves') {
        for (const { value } of piece.leaves) expect(Object.isFrozen(value)).toBe(true);
      }
      if (piece.kind === 'operations') {
        for (const { value } of piece.operations) expect(Object.isFrozen(value)).toBe(true);
      }
    }
  });

  it('ends what it is made of when its reader stops, and fails as that does', async () => {
    let ended = 0;
    const endless = function* (): Generator<StatePiece> {
      try {
        yield pieces[0]!;
        for (;;) yield pieces[1]!;
      } finally {
        ended++;
      }
    };
    await begin(snapshotBytes({ pieces: endless, release: () => undefined }));
    expect(ended).toBe(1);
    const end = new AbortController();
    end.abort();
    const called = bytesOfAborted({ pieces: endless, release: () => undefined }, end.signal);
    expect(await refusalOf(called)).toMatchObject({ kind: 'aborted' });
    const failing = function* (): Generator<StatePiece> {
      yield pieces[0]!;
      throw new Error('the disk is gone');
    };
    await expect(bytesOfAborted({ pieces: failing, release: () => undefined })).rejects.toThrow(
      'the disk is gone',
    );
  });

  it('fails as its source does, which ends with it', async () => {
    const failing = async function* (): AsyncIterable<Uint8Array> {
      yield await Promise.resolve(bytes.subarray(0, 40));
      throw new Error('the network is gone');
    };
    await expect(verifySnapshot(failing(), POSITION)).rejects.toThrow('the network is gone');
    let ended = 0;
    const source = async function* (): AsyncIterable<Uint8Array> {
      try {
        yield* inPieces(bytes, 1);
      } finally {
        ended++;
      }
    };
    await begin(readSnapshot(source(), POSITION));
    expect(ended).toBe(1);
  });

  it('of which any byte is another one is none, and never believed', async () => {
    const draw = new Draw(5);
    for (let i = 0; i < 100; i++) {
      const broken = Buffer.from(bytes);
      // Not the four bytes of a time and an operating system, which gzip has in front and which mean nothing.
      const at = draw.percent(50) ? 10 + draw.int(broken.length - 10) : draw.int(4);
      broken[at] = broken[at]! ^ (1 + draw.int(255));
      const refusal = await refusalOf(verifySnapshot(inPieces(broken), POSITION));
      expect(refusal).toMatchObject({ kind: 'storage', detail: 'damaged_snapshot' });
    }
    const plain = gunzipSync(bytes);
    for (let i = 0; i < 100; i++) {
      const broken = Buffer.from(plain);
      const at = draw.int(broken.length);
      broken[at] = broken[at]! ^ (1 + draw.int(255));
      const refusal = await refusalOf(verifySnapshot(inPieces(gzipSync(broken)), POSITION));
      expect(refusal.kind).toBe('storage');
      expect(['damaged_snapshot', 'unknown_snapshot']).toContain(refusal.detail);
    }
  });

  it('that is cut, longer, or empty is none', async () => {
    const plain = gunzipSync(bytes);
    const cuts = [0, 1, 3, 4, 5, 100, plain.length - 1].map((length) => gzipSync(plain.subarray(0, length)));
    const texts = textsOf(bytes);
    const others = [
      Buffer.alloc(0),
      bytes.subarray(0, bytes.length - 9),
      gzipSync(Buffer.concat([plain, plain])),
      gzipSync(Buffer.concat([plain, Buffer.from([0, 0])])),
      gzipSync(Buffer.from([255, 255, 255, 255, 1])),
      gzipSync(Buffer.concat(texts.slice(0, -1).map(record))),
      Buffer.from('no gzip at all'),
    ];
    for (const each of [...cuts, ...others]) {
      const refusal = await refusalOf(verifySnapshot(inPieces(each), POSITION));
      expect(refusal).toMatchObject({ kind: 'storage', detail: 'damaged_snapshot' });
    }
  });

  it('that leaves something out, or has it twice or in another order, is none, whatever its checksum says', async () => {
    const texts = textsOf(bytes);
    const [head, leaves, overlay, operations, end] = texts as [string, string, string, string, string];
    expect(await read(forged(texts))).toEqual(pieces);
    const orders = [
      [leaves, overlay, operations, end],
      [head, head, leaves, overlay, operations, end],
      [head, overlay, operations, end],
      [head, leaves, operations, end],
      [head, leaves, overlay, end],
      [head, leaves, leaves, overlay, operations, end],
      [head, overlay, leaves, operations, end],
      [head, leaves, overlay, operations, operations, end],
      [head, leaves, end, overlay, operations, end],
      [end],
    ];
    for (const order of orders) {
      const refusal = await refusalOf(verifySnapshot(inPieces(forged(order)), POSITION));
      expect(refusal).toMatchObject({ kind: 'storage', detail: 'damaged_snapshot' });
    }
  });

  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  it.each<[string, number, (text: string) => string]>([
    ['a record that is no JSON', 1, () => '["leaves",['],
    ['a record that is no list', 1, () => '{}'],
    ['a record of no kind', 1, () => '["others",[]]'],
    ['counters that are none', 0, (text) => text.replace('"storeSeq":', '"storeSeq":-')],
    ['a snapshot seq beyond the store', 0, (text) => text.replace('"snapshotSeq":', '"snapshotSeq":9')],
    ['no state of a log', 0, (text) => text.replace('"logged"', '"logger"')],
    ['no mark', 0, (text) => text.replace('"digest"', '"digger"')],
    ['another position', 0, (text) => text.replace(`"position":${POSITION}`, '"position":13')],
    ['an index of no path', 0, (text) => text.replace('"path":"u"', '"path":"//"')],
    ['an index of no type', 0, (text) => text.replace('"type":"string"', '"type":"text"')],
    ['an index without parts', 0, (text) => text.replace(/"parts":\[.*?\]/, '"parts":[]')],
    ['a path that is none', 1, (text) => text.replace('["f",', '["/f",')],
    ['a type that is none', 1, (text) => text.replace('"float"', '"bloat"')],
    ['a leaf newer than the store', 1, (text) => text.replace(/\["f",\d+/, '["f",99999')],
    ['a leaf of revision 0', 1, (text) => text.replace(/\["f",\d+/, '["f",0')],
    ['a leaf without a value', 1, () => '["leaves",[["f",1,"float"]]]'],
    ['leaves that are none', 1, () => '["leaves",[7]]'],
    ['a value nested too deep', 1, () => `["leaves",[["f",1,"float",${deep}]]]`],
    ['an operation of no kind', 3, (text) => text.replace('"increment"', '"decrement"')],
    [
      'an operation that is missing',
      3,
      (text) => text.replace(/^\["operations",\[\[.*?\],\[/s, '["operations",[['),
    ],
    ['a device that is none', 3, (text) => text.replace(',null,', ',7,')],
    ['a commit that is none', 3, (text) => text.replace('[],[1,3]]', '[],[1]]')],
    ['an end that is none', 4, (text) => text.replace('"leaves"', '"leafs"')],
  ])('with %s is none, whatever its checksum says', async (_, at, change) => {
    const texts = textsOf(bytes);
    const changed = change(texts[at]!);
    expect(changed === texts[at]).toBe(false);
    texts[at] = changed;
    const refusal = await refusalOf(verifySnapshot(inPieces(forged(texts)), POSITION));
    expect(refusal).toMatchObject({ kind: 'storage', detail: 'damaged_snapshot' });
  });

  it('of a later version says so', async () => {
    const texts = textsOf(bytes);
    texts[0] = texts[0]!.replace('["head",1', '["head",2');
    const refusal = await refusalOf(verifySnapshot(inPieces(forged(texts)), POSITION));
    expect(refusal).toMatchObject({ kind: 'storage', detail: 'unknown_snapshot' });
    expect(refusal.message).toContain('format 2');
  });
});

/** Takes the first, and stops. */
async function begin(pieces: AsyncIterable<unknown>): Promise<void> {
  for await (const piece of pieces) if (piece !== undefined) break;
}

async function bytesOfAborted(state: HeldState, signal?: AbortSignal): Promise<void> {
  for await (const bytes of snapshotBytes(state, { signal })) expect(bytes.length).toBeGreaterThan(0);
}

describe('the name of a snapshot', () => {
  it('tells its position, and stands in the order of the positions', () => {
    const positions = [1, 9, 10, 99_999, Number.MAX_SAFE_INTEGER];
    const names = positions.map(snapshotName);
    expect([...names].sort()).toEqual(names);
    expect(names.map(positionOf)).toEqual(positions);
  });

  it.each([
    '',
    'snapshot/',
    'snapshot/1',
    'snapshot/0000000000000x12',
    'file/0000000000000012',
    'snapshot/-000000000000012',
  ])('is not %j', (name) => {
    expect(positionOf(name)).toBeUndefined();
  });
});
