import { DustEntity, Field, FileField, Slug } from '../../../src/decorators/index.js';
import { claimField, createEntityMapper, operationsFor, planWrite } from '../../../src/mapping/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import type { DustFile } from '../../../src/metadata/index.js';
import { FixedClock } from './stored.js';

class Fields {
  @Slug() slug!: string;
  @Field('json') meta?: unknown;
  @Field({ required: true }) title!: string;
  @Field('string', { array: true }) tags?: string[];
  @Field({ name: 'a/b' }) odd?: string;
  @FileField() file?: DustFile;
}
@DustEntity({ prefix: ['reading', 'flat'] })
class Flat extends Fields {}
@DustEntity({ prefix: 'map', mode: 'map' })
class Whole extends Fields {}

const flat = createEntityMapper(buildEntityMetadata(Flat), { clock: new FixedClock() });
const whole = createEntityMapper(buildEntityMetadata(Whole), { clock: new FixedClock() });

const EVERYTHING = { merge: true, atomicBatch: true, batchMerge: true };
const HTTP = { merge: false, atomicBatch: true, batchMerge: false };
const CHANNEL_ALONE = { merge: true, atomicBatch: false, batchMerge: false };
const NOTHING = { merge: false, atomicBatch: false, batchMerge: false };

const planFlat = (partial: object, capabilities = EVERYTHING) =>
  planWrite(flat.metadata, 'x/y', flat.encode(partial, 'update'), capabilities);

const file: DustFile = {
  hash: 'sha256:0',
  size: 1,
  filename: 'a',
  contentType: 'text/plain',
  uploadedAt: new Date(0),
};

describe('planWrite in mode flat', () => {
  it('writes several fields with one merge where the transport has it', () => {
    expect(planFlat({ title: 'Dust', odd: null, tags: ['a'], meta: { a: 1 } })).toEqual({
      kind: 'merge',
      operation: {
        op: 'merge',
        path: 'reading/flat/x~1y',
        value: { meta: { a: 1 }, title: 'Dust', tags: ['a'], 'a/b': null },
      },
    });
  });

  it('writes one field with one set, whatever the transport has', () => {
    for (const capabilities of [EVERYTHING, HTTP, CHANNEL_ALONE, NOTHING]) {
      expect(planFlat({ odd: 'x' }, capabilities)).toEqual({
        kind: 'set',
        operation: { op: 'set', path: 'reading/flat/x~1y/a~1b', value: 'x' },
      });
    }
  });

  it('writes one atomic batch where there is no merge', () => {
    expect(planFlat({ title: 'Dust', meta: [] }, HTTP)).toEqual({
      kind: 'batch',
      operations: [
        { op: 'set', path: 'reading/flat/x~1y/meta', value: [] },
        { op: 'set', path: 'reading/flat/x~1y/title', value: 'Dust' },
      ],
    });
  });

  it('writes single sets in field order where there is neither', () => {
    const plan = planFlat({ odd: 'x', title: 'Dust' }, NOTHING);
    expect(plan).toMatchObject({ kind: 'sequence', operations: [{ value: 'Dust' }, { value: 'x' }] });
  });

  it.each<[string, object]>([
    ['json that is no map, which may replace one', { meta: 'text' }],
    ['null for json', { meta: null }],
    ['json in an envelope', { meta: {} }],
    ['a file, which is an object but no map', { file }],
  ])('does not merge %s', (_, partial) => {
    expect(planFlat({ title: 'Dust', ...partial }).kind).toBe('batch');
    expect(planFlat({ title: 'Dust', ...partial }, CHANNEL_ALONE).kind).toBe('sequence');
  });

  it('refuses a write of nothing', () => {
    expect(() => planFlat({ title: undefined })).toThrow(
      expect.objectContaining({ kind: 'nothing_to_write', message: expect.stringContaining('Flat "x/y"') }),
    );
  });
});

describe('planWrite in mode map', () => {
  it('writes the whole record with one set', () => {
    for (const capabilities of [EVERYTHING, NOTHING]) {
      expect(
        planWrite(whole.metadata, 'x', whole.encodeAll({ title: 'Dust', meta: {} }, 'insert'), capabilities),
      ).toEqual({
        kind: 'set',
        operation: {
          op: 'set',
          path: 'map/x',
          value: { meta: { _type: 'json', _typed: {} }, title: 'Dust' },
        },
      });
    }
  });

  it('refuses an empty record, which a store could not hold', () => {
    expect(() => planWrite(whole.metadata, 'x', [], EVERYTHING)).toThrow(
      expect.objectContaining({ kind: 'nothing_to_write' }),
    );
  });
});

describe('operationsFor', () => {
  it('is a merge where a batch may hold one, else sets', () => {
    const fields = flat.encode({ title: 'Dust', odd: 'x' }, 'update');
    expect(operationsFor(flat.metadata, 's', fields, EVERYTHING)).toMatchObject([{ op: 'merge' }]);
    expect(operationsFor(flat.metadata, 's', fields, HTTP)).toEqual([
      { op: 'set', path: 'reading/flat/s/title', value: 'Dust' },
      { op: 'set', path: 'reading/flat/s/a~1b', value: 'x' },
    ]);
  });

  it('is the one set of a whole record in mode map', () => {
    const fields = whole.encodeAll({ title: 'Dust' }, 'insert');
    expect(operationsFor(whole.metadata, 's', fields, HTTP)).toEqual([
      { op: 'set', path: 'map/s', value: { title: 'Dust' } },
    ]);
  });
});

describe('claimField', () => {
  it('is the first required field that is one leaf', () => {
    expect(claimField(flat.metadata).propertyName).toBe('title');
  });

  it('says what to do when there is none', () => {
    @DustEntity('loose')
    class Loose {
      @Slug() slug!: string;
      @Field('json', { required: true }) meta!: unknown;
      @Field() title?: string;
    }
    expect(() => claimField(buildEntityMetadata(Loose))).toThrow(
      expect.objectContaining({
        kind: 'invalid_metadata',
        message: expect.stringContaining('Mark a field that every record has as @Field({ required: true })'),
      }),
    );
  });
});
