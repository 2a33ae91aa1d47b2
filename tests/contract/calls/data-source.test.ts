import type { Observable } from 'rxjs';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import type { Repository } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { describeContract } from '../describe-contract.js';
import type { Note } from '../entities.js';
import { defineNote, MODES } from '../entities.js';

describeContract('data sources', (context) => {
  const unopened = () => {
    const entity = defineNote(context.uniquePrefix());
    const dust = new DataSource({ entities: [entity], transport: context.transport, logger: silentLogger });
    return { entity, dust, notes: dust.getRepository(entity) };
  };

  const everyCall = (notes: Repository<Note>, dust: DataSource): Promise<unknown>[] => [
    notes.find(),
    notes.findOneBy({ slug: 'a' }),
    notes.count(),
    notes.getMany(['a']),
    notes.stream().next(),
    notes.insert({ slug: 'a', text: 't' }),
    notes.update('a', { text: 't' }),
    notes.delete('a'),
    notes.clear(),
    notes.insertMany([{ slug: 'a', text: 't' }]),
    firstValueFrom(notes.events()),
    firstValueFrom(notes.rawEvents()),
    firstValueFrom(notes.live()),
    firstValueFrom(notes.liveOne('a')),
    dust.manager.batch((batch) => batch.delete(notes.target, 'a')),
    dust.manager.lease('_dust:test/never'),
    dust.manager.singleFlight('test-flight/never', () => 1),
  ];

  it('refuse every call before initialize', async () => {
    const { dust, notes } = unopened();
    expect(dust.isInitialized).toBe(false);
    const outcomes = await Promise.allSettled(everyCall(notes, dust));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'not_initialized' } });
    }
  });

  it('refuse every call after destroy', async () => {
    const { dust, notes } = unopened();
    await dust.initialize();
    await dust.destroy();
    expect(dust.isInitialized).toBe(false);
    const outcomes = await Promise.allSettled(everyCall(notes, dust));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'closed' } });
    }
  });

  it('a repository made before initialize works after it', async () => {
    const { dust, notes } = unopened();
    await dust.initialize();
    expect(dust.isInitialized).toBe(true);
    await notes.insert({ slug: 'a', text: 't' });
    expect(await notes.count()).toBe(1);
    await dust.destroy();
  });

  it('initialize gives the data source itself', async () => {
    const { dust } = unopened();
    expect(await dust.initialize()).toBe(dust);
    await dust.destroy();
  });

  it('give one repository for a class, and refuse a class they do not know', async () => {
    const { entity, dust } = unopened();
    await dust.initialize();
    expect(dust.getRepository(entity)).toBe(dust.getRepository(entity));
    expect(dust.manager.getRepository(entity)).toBe(dust.getRepository(entity));
    class Stranger {}
    await expect(async () => dust.getRepository(Stranger).find()).rejects.toMatchObject({
      kind: 'invalid_metadata',
      message: expect.stringContaining('Stranger'),
    });
    await dust.destroy();
  });

  it('keep what they wrote for the next one on the same store', async () => {
    const entity = defineNote(context.uniquePrefix());
    const first = await context.connect([entity]);
    await first.getRepository(entity).insert({ slug: 'a', text: 't' });
    await first.destroy();
    const second = await context.connect([entity]);
    expect(await second.getRepository(entity).find()).toMatchObject([{ slug: 'a', text: 't' }]);
  });
});

describeContract('read your writes', (context) => {
  it.each(MODES)('once a write has resolved, every read sees it, in %s mode', async (mode) => {
    const entity = defineNote(context.uniquePrefix(), mode);
    const notes = (await context.connect([entity])).getRepository(entity);
    for (let turn = 0; turn < 10; turn++) {
      const text = `turn ${turn}`;
      const { storeSeq } =
        turn % 2 === 0 ? await notes.insert({ slug: 'a', text }) : await notes.update('a', { text });
      const [one, [listed], [many], counted] = await Promise.all([
        notes.findOneByOrFail({ slug: 'a' }),
        notes.find(),
        notes.getMany(['a']),
        notes.countBy({ text }),
      ]);
      expect([one.text, listed?.text, many?.text, counted]).toEqual([text, text, text, 1]);
      expect(notes.revisionOf(one)).toBe(storeSeq);
    }
    await notes.delete('a');
    expect(await notes.exists()).toBe(false);
  });

  it('a write another client made is seen once it has resolved', async () => {
    const entity = defineNote(context.uniquePrefix());
    const mine = (await context.connect([entity])).getRepository(entity);
    const theirs = (await context.connect([entity])).getRepository(entity);
    await mine.insert({ slug: 'a', text: 'mine' });
    expect(await theirs.findOneBy({ slug: 'a' })).toMatchObject({ text: 'mine' });
  });
});

describeContract('results', (context) => {
  it.each(MODES)('carry the place in the store and the revision, in %s mode', async (mode) => {
    const entity = defineNote(context.uniquePrefix(), mode);
    const notes = (await context.connect([entity])).getRepository(entity);
    const inserted = await notes.insert([
      { slug: 'a', text: '1' },
      { slug: 'b', text: '2' },
    ]);
    expect(inserted).toMatchObject({ affected: 2, slugs: ['a', 'b'] });
    expect(inserted.revisions).toHaveLength(2);
    expect(inserted.revision).toBe(inserted.revisions[1]);
    expect(inserted.storeSeq).toBe(Math.max(...inserted.revisions));
    const found = await notes.find();
    expect(found.map((note) => notes.revisionOf(note))).toEqual(inserted.revisions);

    const updated = await notes.update('a', { text: '3' });
    expect(updated.storeSeq).toBeGreaterThan(inserted.storeSeq!);
    expect(updated.revision).toBe(notes.revisionOf(await notes.findOneByOrFail({ slug: 'a' })));
    const deleted = await notes.delete('a');
    expect(deleted).toMatchObject({ affected: 1, slugs: ['a'] });
    expect(deleted.storeSeq).toBeGreaterThan(updated.storeSeq!);
  });
});

describeContract('requests that are called off', (context) => {
  it('reject with aborted', async () => {
    const entity = defineNote(context.uniquePrefix());
    const notes = (await context.connect([entity])).getRepository(entity);
    const signal = AbortSignal.abort();
    await expect(notes.find({ signal })).rejects.toMatchObject({ kind: 'aborted' });
    await expect(notes.insert({ slug: 'a', text: 't' }, { signal })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(await notes.count()).toBe(0);
  });
});

describeContract(
  'subscriptions',
  (context) => {
    it('complete when the data source is destroyed', async () => {
      const entity = defineNote(context.uniquePrefix());
      const dust = await context.connect([entity]);
      const notes = dust.getRepository(entity);
      const sources: Observable<unknown>[] = [notes.events(), notes.live(), notes.rawEvents()];
      const ends = sources.map((source) => lastValueFrom(source, { defaultValue: 'end' }));
      await notes.insert({ slug: 'a', text: 't' });
      await dust.destroy();
      for (const outcome of await Promise.allSettled(ends)) expect(outcome.status).toBe('fulfilled');
    });
  },
  { needs: 'realtime' },
);
