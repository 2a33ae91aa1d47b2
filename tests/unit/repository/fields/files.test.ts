import type { DustFile } from '../../../../src/index.js';
import { DustEntity, DustError, Field, FileField, Slug, UpdatedAtField } from '../../../../src/index.js';
import { readFileSource } from '../../../../src/repository/fields/file-content.js';
import type { FileSource } from '../../../../src/repository/fields/file-content.js';
import { Link, link, methods, useDataSources } from '../support.js';

const connect = useDataSources();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* streamOf(...chunks: unknown[]) {
  await Promise.resolve();
  yield* chunks as Uint8Array[];
}

describe('the content of a file', () => {
  it.each<[string, () => FileSource, string]>([
    ['text', () => 'ä', 'ä'],
    ['bytes', () => bytes('abc'), 'abc'],
    ['a stream of both', () => streamOf('ä', bytes('bc'), '', 'd'), 'äbcd'],
    ['a stream of nothing', () => streamOf(), ''],
  ])('may be %s', async (_, source, content) => {
    expect(Buffer.from(await readFileSource(source())).toString()).toBe(content);
  });

  it.each<[string, () => unknown, string]>([
    ['nothing', () => undefined, 'content'],
    ['null', () => null, 'content'],
    ['a number', () => 5, 'content'],
    ['a list', () => ['a'], 'content'],
    ['an object', () => ({}), 'content'],
    ['a function', () => () => 'a', 'content'],
    ['a stream of numbers', () => streamOf('a', 5), 'a chunk of the stream'],
    ['a stream of lists of bytes', () => streamOf([1, 2]), 'a chunk of the stream'],
  ])('may not be %s', async (_, source, what) => {
    await expect(readFileSource(source() as FileSource)).rejects.toMatchObject({
      kind: 'invalid_value',
      message: expect.stringContaining(`putFile: ${what} must be`),
    });
  });
});

describe('putFile and openFile', () => {
  const open = async () => {
    const { manager, control, inner } = await connect([Link]);
    const links = manager.getRepository(Link);
    await links.insert(link('a'));
    control.writes.length = 0;
    return { links, control, inner };
  };

  it('read back what was stored, and null where there is none', async () => {
    const { links, inner } = await open();
    expect(await links.openFile('a', 'icon')).toBeNull();
    expect(await links.openFile('gone', 'icon')).toBeNull();
    const put = await links.putFile('a', 'icon', 'text', { filename: 'f.txt', contentType: 'text/plain' });
    expect(put).toMatchObject({ affected: 1, slugs: ['a'], revision: 2 });
    expect(await links.openFile('a', 'icon')).toMatchObject({
      filename: 'f.txt',
      contentType: 'text/plain',
      content: bytes('text'),
    });
    await inner.set('reading/links/a/icon', null);
    expect(await links.openFile('a', 'icon')).toBeNull();
    await inner.set('reading/links/a/icon', 'text');
    await expect(links.openFile('a', 'icon')).rejects.toMatchObject({ kind: 'invalid_record' });
  });

  it('store nothing for a record that is not there', async () => {
    const { links, control } = await open();
    await expect(links.putFile('gone', 'icon', 'text', { filename: 'f' })).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringContaining('Link "gone" does not exist, so putFile'),
    });
    expect(methods(control)).toEqual([]);
  });

  it.each([
    [{ filename: 'a\0b' }, 'invalid_params'],
    [{ filename: 'f', contentType: 'text' }, 'invalid_params'],
    [{ filename: '' }, 'invalid_options'],
    [{ filename: 5 }, 'invalid_options'],
    [{}, 'invalid_options'],
    [{ filename: 'f', contentType: 5 }, 'invalid_options'],
    [{ filename: 'f', name: 'f' }, 'invalid_options'],
  ])('begin no stream for the labels %j', async (labels, kind) => {
    const { links, control } = await open();
    let isBegun = false;
    async function* stream() {
      isBegun = true;
      yield await Promise.resolve('text');
    }
    const put = links.putFile('a', 'icon', stream(), labels as { filename: string });
    await expect(put).rejects.toMatchObject({ kind });
    expect([isBegun, methods(control)]).toEqual([false, []]);
  });
});

@DustEntity('stamped')
class Stamped {
  @Slug() id!: string;
  @Field('string') text?: string;
  @FileField() file?: DustFile;
  @UpdatedAtField() changedAt?: Date;
}

describe('a file of a record with a time of its last change', () => {
  const open = async () => {
    const { manager, control, inner } = await connect([Stamped]);
    const stamped = manager.getRepository(Stamped);
    await inner.set('stamped/a', { text: 'T' });
    control.writes.length = 0;
    const put = () => stamped.putFile('a', 'file', 'text', { filename: 'f' });
    return { stamped, control, inner, put };
  };

  it('moves that time, with which the record has the revision that is told', async () => {
    const { stamped, control, put } = await open();
    const result = await put();
    expect(control.writes.map(([method, path]) => [method, path])).toEqual([
      ['putFile', 'stamped/a/file'],
      ['set', 'stamped/a/changedAt'],
    ]);
    const read = await stamped.findOneByOrFail({ id: 'a' });
    expect(read.changedAt).toBeInstanceOf(Date);
    expect(result).toMatchObject({ affected: 1, slugs: ['a'], revision: stamped.revisionOf(read) });
  });

  it('is said to be stored where the time could not be moved', async () => {
    const { stamped, control, put } = await open();
    const refused = new DustError('forbidden', 'no');
    control.before = (method) => {
      if (method === 'set') throw refused;
    };
    await expect(put()).rejects.toMatchObject({
      kind: 'forbidden',
      name: 'PartialWriteError',
      message: expect.stringContaining('with file written'),
      landed: ['file'],
      cause: refused,
    });
    expect(await stamped.openFile('a', 'file')).toMatchObject({ filename: 'f' });
  });

  it('fails with what else was thrown when the time was to be moved', async () => {
    const { control, put } = await open();
    const thrown = new RangeError('no');
    control.before = (method) => {
      if (method === 'set') throw thrown;
    };
    await expect(put()).rejects.toBe(thrown);
  });
});
