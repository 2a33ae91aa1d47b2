import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, DustEntity, Field, HttpTransport, Slug, restoreBackup } from 'dust-orm';
import type { DataSourceOptions } from 'dust-orm';
import { Patient } from '../store/lmdb/damage/patient.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string;
}

@DustEntity({ prefix: 'events', store: 'acme/events' })
class Event {
  @Slug() id!: string;
  @Field('string') text?: string;
}

let folder = '';
const opened: DataSource[] = [];
const at = (name: string): string => join(folder, name);
const open = async (options: Partial<DataSourceOptions>): Promise<DataSource> => {
  const dataSource = await new DataSource({ entities: [Note, Event], ...options }).initialize();
  opened.push(dataSource);
  return dataSource;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-backup-'));
});
afterEach(async () => {
  for (const dataSource of opened.splice(0)) await dataSource.destroy();
  rmSync(folder, { recursive: true, force: true });
});

it('a backup holds all stores of a data source, and is read and restored as one', async () => {
  const dataSource = await open({ path: at('data') });
  await dataSource.getRepository(Note).insert({ id: 'a', text: 'kept' });
  await dataSource.getRepository(Event).insert({ id: 'b', text: 'too' });
  await dataSource.backup(at('copy'));
  expect(readdirSync(folder).sort()).toEqual(['copy', 'data']);
  await dataSource.getRepository(Note).delete('a');
  await dataSource.destroy();

  const copy = await open({ path: at('copy'), verify: true });
  expect(await copy.getRepository(Note).findOneByOrFail({ id: 'a' })).toMatchObject({ text: 'kept' });
  await copy.destroy();
  expect(await restoreBackup({ backup: at('copy'), path: at('data'), replace: true })).toEqual({
    stores: 2,
    leaves: 2,
  });
  const restored = await open({ path: at('data'), verify: true });
  expect(await restored.getRepository(Note).count()).toBe(1);
  expect(await restored.getRepository(Event).count()).toBe(1);
});

it('a backup that is refused leaves nothing of any store', async () => {
  const dataSource = await open({ path: at('data') });
  await expect(dataSource.backup(at('data/copy'))).rejects.toMatchObject({ kind: 'invalid_options' });
  await expect(dataSource.backup(at('no/copy'))).rejects.toMatchObject({
    kind: 'storage',
    detail: 'write_failed',
  });
  expect(readdirSync(folder)).toEqual(['data']);
  expect(readdirSync(at('data')).filter((name) => name.includes('tmp'))).toEqual([]);
});

it.each<[string, Partial<DataSourceOptions>]>([
  ['memory', {}],
  [
    'a transport without a folder',
    {
      transport: ({ store }) => {
        const remote = new HttpTransport({ url: 'http://127.0.0.1:1', token: 'dust_tok_0123456789', store });
        return Object.assign(remote, { connect: () => Promise.resolve() });
      },
    },
  ],
])('%s cannot be backed up', async (_, options) => {
  const dataSource = await open({ entities: [Note], ...options });
  await expect(dataSource.backup(at('copy'))).rejects.toMatchObject({
    kind: 'not_supported',
    detail: 'backup',
  });
  expect(readdirSync(folder)).toEqual([]);
});

it('a data source that is not open cannot be backed up', async () => {
  const dataSource = new DataSource({ path: at('data'), entities: [Note] });
  await expect(dataSource.backup(at('copy'))).rejects.toMatchObject({ kind: 'not_initialized' });
});

it('verify finds at the opening what nothing else would, and has to be true or false', async () => {
  const dataSource = await open({ path: at('data'), entities: [Note] });
  await dataSource.getRepository(Note).insert({ id: 'a', text: 'kept' });
  await dataSource.destroy();
  new Patient(at('data')).replace('"kept"', '"ke\u0000t"', ['leaf-groups']);
  await (await open({ path: at('data'), entities: [Note] })).destroy();
  await expect(open({ path: at('data'), entities: [Note], verify: true })).rejects.toMatchObject({
    kind: 'storage',
    detail: 'corrupt',
    message: expect.stringContaining('the leaf "notes/a/text" (its value cannot be read)'),
  });
  const wrong: object = { verify: 'yes' };
  expect(() => new DataSource({ entities: [Note], ...wrong })).toThrow(/verify must be true or false/);
});

it('a backup takes a folder and nothing else', async () => {
  const dataSource = await open({ path: at('data'), entities: [Note] });
  const backup: (...given: unknown[]) => Promise<void> = (...given) =>
    Reflect.apply(dataSource.backup, dataSource, given);
  for (const given of [[at('copy'), { replace: true }], [' '], ['file:///srv/copy'], []]) {
    await expect(backup(...given)).rejects.toMatchObject({ kind: 'invalid_options' });
  }
  expect(readdirSync(folder)).toEqual(['data']);
});

it.each(['file:///srv/data', 'FILE:data', ' '])('a path %j is refused with a reason', (path) => {
  expect(() => new DataSource({ path, entities: [Note] })).toThrow(
    /path must be the path of a folder.*fileURLToPath/,
  );
});
