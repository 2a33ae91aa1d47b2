import type { DustFile, RawRecord } from '../../../../src/index.js';
import { DataSource, DustEntity, Field, FileField, silentLogger, Slug } from '../../../../src/index.js';
import type { StorageMode } from '../../../../src/metadata/types.js';

function define(mode: StorageMode) {
  @DustEntity({ prefix: 'pages', mode })
  class OldPage {
    @Slug() id!: string;
    @Field('string') title?: string;
    @FileField() doc?: DustFile | null;
  }
  @DustEntity({
    prefix: 'pages',
    mode,
    version: 2,
    upgrade: { 2: ({ doc, ...raw }: RawRecord) => ({ ...raw, ...(doc !== undefined && { content: doc }) }) },
  })
  class Page {
    @Slug() id!: string;
    @Field('string') title?: string;
    @FileField() content?: DustFile | null;
    @FileField() cover?: DustFile | null;
  }
  return { OldPage, Page };
}

describe.each(['flat', 'map'] as const)('files of older records, in %s mode', (mode) => {
  it('are opened where an upgrade has them, and stored in the present form', async () => {
    const { OldPage, Page } = define(mode);
    const old = await new DataSource({ entities: [OldPage], logger: silentLogger }).initialize();
    await old.getRepository(OldPage).insert({ id: 'a', title: 'A' });
    await old.getRepository(OldPage).putFile('a', 'doc', 'content', { filename: 'a.txt' });
    const source = await new DataSource({
      entities: [Page],
      transport: old.transport,
      logger: silentLogger,
    }).initialize();
    const pages = source.getRepository(Page);
    const opened = async (): Promise<string> =>
      new TextDecoder().decode((await pages.openFile('a', 'content'))?.content);
    expect(await opened()).toBe('content');
    await pages.putFile('a', 'cover', 'picture', { filename: 'a.png' });
    expect(Object.keys((await source.transport.get('pages/a'))?.value as object).sort()).toEqual([
      '_schema',
      'content',
      'cover',
      'title',
    ]);
    expect(await opened()).toBe('content');
    await source.destroy();
    await old.destroy();
  });
});
