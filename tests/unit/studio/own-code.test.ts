import { ValidateBy } from 'class-validator';
import {
  AfterLoad,
  AfterRemove,
  AfterSave,
  BeforeRemove,
  BeforeSave,
  DustEntity,
  Field,
  Slug,
} from '../../../src/index.js';
import type { Logger } from '../../../src/index.js';
import { StudioWorld } from './studio-world.js';

const world = StudioWorld.use();

const Throws = (on: string) =>
  ValidateBy({
    name: 'throws',
    validator: {
      validate: (value) => {
        if (value === on) throw new TypeError('the rule broke');
        return true;
      },
    },
  });

@DustEntity({ prefix: 'notes', name: 'Note' })
class Note {
  @Slug()
  slug!: string;

  @Throws('rule')
  @Field({
    transformer: {
      to: (value: unknown) => value,
      from: (value: unknown) => {
        if (value === 'transformer') throw new Error('the transformer broke');
        return value;
      },
    },
  })
  title!: string;

  @BeforeSave()
  before() {
    if (this.title === 'before') throw new Error('no such title');
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs do
    if (this.title === 'text') throw 'just a text';
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs do
    if (this.title === 'nothing') throw undefined;
  }

  @AfterSave()
  after() {
    if (this.title === 'after') throw new Error('the mail was not sent');
  }

  @BeforeRemove()
  keep() {
    if (this.title === 'keep') throw new Error('this one is kept');
  }

  @AfterRemove()
  removed() {
    if (this.title === 'gone') throw new Error('nobody was told');
  }

  @AfterLoad()
  loaded() {
    if (this.title === 'unreadable') throw new Error('the key is lost');
  }
}

const open = async () => {
  const heard: string[] = [];
  const ignore = () => undefined;
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (message) => heard.push(message),
  };
  const dataSource = await world.source({ entities: [Note] });
  const notes = dataSource.getRepository(Note);
  await notes.insert({ slug: 'a', title: 'A' });
  const visitor = await world.visitor(dataSource, { write: true, logger });
  const revision = async (slug = 'a') => (await visitor.get(`/api/record?path=notes/${slug}`)).json.revision;
  const save = async (title: string, { slug = 'a', isNew = false } = {}) =>
    visitor.post('/api/save', {
      entity: 'Note',
      slug,
      revision: isNew ? 0 : await revision(slug),
      values: { title },
    });
  const remove = async () => visitor.post('/api/delete', { path: 'notes/a', revision: await revision() });
  return { dataSource, notes, visitor, save, remove, heard };
};

describe('what a class throws of its own', () => {
  it.each([
    ['before', 'no such title'],
    ['text', 'just a text'],
    ['nothing', 'undefined'],
    ['rule', 'the rule broke'],
  ])('before a record is saved (%s) is told in its form, and nothing is written', async (title, message) => {
    const { notes, save, heard } = await open();
    for (const isNew of [false, true]) {
      const { status, json } = await save(title, isNew ? { slug: 'b', isNew } : {});
      expect({ status, json }).toEqual({
        status: 200,
        json: {
          outcome: 'invalid',
          violations: [{ property: '', messages: [expect.stringContaining(message)] }],
        },
      });
    }
    expect(await notes.find()).toMatchObject([{ slug: 'a', title: 'A' }]);
    expect(heard).toHaveLength(2);
  });

  it('of a transformer stands beside the field', async () => {
    const { save } = await open();
    expect((await save('transformer')).json).toMatchObject({
      outcome: 'invalid',
      violations: [{ property: 'title', messages: [expect.stringContaining('the transformer broke')] }],
    });
  });

  it.each([false, true])('behind a write leaves it written, and is told with it (new: %s)', async (isNew) => {
    const { notes, save, heard } = await open();
    const slug = isNew ? 'b' : 'a';
    const { json } = await save('after', { slug, isNew });
    expect(json).toMatchObject({
      outcome: 'written',
      record: { row: { slug, values: { title: 'after' } } },
      warning: expect.stringContaining('the mail was not sent'),
    });
    expect(json.storeSeq).toBe(json.record.revision);
    expect((await notes.findOneBy({ slug }))?.title).toBe('after');
    expect(heard).toEqual([expect.stringContaining('the mail was not sent')]);
  });

  it('keeps a record from being deleted', async () => {
    const { dataSource, save, remove } = await open();
    await save('keep');
    const { status, json } = await remove();
    expect({ status, json }).toEqual({
      status: 422,
      json: { error: { kind: 'refused', message: expect.stringContaining('this one is kept') } },
    });
    expect(await dataSource.transport.exists('notes/a/title')).toBe(true);
  });

  it('behind a deletion leaves it deleted', async () => {
    const { dataSource, save, remove } = await open();
    await save('gone');
    expect((await remove()).json).toMatchObject({
      outcome: 'written',
      record: { leaves: [] },
      warning: expect.stringContaining('nobody was told'),
    });
    expect(await dataSource.transport.exists('notes/a/title')).toBe(false);
  });

  it('when records are read is told in place of the table', async () => {
    const { visitor, save, heard } = await open();
    await save('unreadable');
    const { status, json } = await visitor.post('/api/records', { entity: 'Note' });
    expect({ status, json }).toEqual({
      status: 422,
      json: { error: { kind: 'refused', message: expect.stringContaining('the key is lost') } },
    });
    expect(heard).toHaveLength(1);
  });
});
