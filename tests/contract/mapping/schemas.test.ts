import { z } from 'zod';
import { defineEntity, defineNested, field, nested, slug } from '../../../src/index.js';
import type { EntityClass } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

const Place = defineNested({ city: field('string', { schema: z.string().min(2) }), zip: field('string') });

/** A free name is one that nobody else thinks of in the meantime. */
const freeName = z.string().refine((name) => Promise.resolve(name !== 'taken'), 'is taken');

function defineUser(prefix: string[], mode: 'flat' | 'map') {
  return defineEntity(
    prefix,
    {
      id: slug(),
      name: field('string', { required: true, schema: freeName }),
      mail: field('string', { schema: z.email().nullish() }),
      place: nested(() => Place),
      since: field('integer', { schema: z.number().min(1900).optional() }),
      until: field('integer'),
    },
    {
      mode,
      name: 'User',
      schema: z
        .object({ since: z.number().optional(), until: z.number().optional() })
        .refine(({ since = 0, until = Infinity }) => since <= until, {
          error: 'ends too soon',
          path: ['until'],
        }),
    },
  );
}

const refusedFor = (...paths: readonly string[]) => ({
  name: 'EntityValidationError',
  kind: 'validation',
  message: expect.stringMatching(new RegExp(paths.map((path) => `- ${path}: .*\\(schema\\)`).join('[^]*'))),
});

describeContract('schemas', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    const setUp = async () => {
      const prefix = context.uniquePrefix();
      const entity = defineUser(prefix, mode);
      const users = (
        await context.connect([entity as EntityClass<InstanceType<typeof entity>>])
      ).getRepository(entity);
      await users.insert({ id: 'a', name: 'Ann', since: 1980, place: { city: 'Oslo', zip: '1' } });
      return { users, stateNow: () => context.stateOf(prefix) };
    };

    it('refuse what they do not fit in every kind of write, and nothing is written', async () => {
      const { users, stateNow } = await setUp();
      const before = await stateNow();
      const bad = { id: 'b', name: 'Bob', mail: 'nowhere', place: { city: 'X' } };
      const refused = refusedFor('mail', 'place.city');
      await expect(users.insert(bad)).rejects.toMatchObject(refused);
      await expect(users.insert([{ id: 'c', name: 'Cid' }, bad])).rejects.toMatchObject(refused);
      await expect(users.insertMany([bad])).rejects.toMatchObject({ kind: 'validation' });
      await expect(users.upsert(bad, ['id'])).rejects.toMatchObject(refused);
      await expect(users.save(bad)).rejects.toMatchObject(refused);
      await expect(users.update('a', { mail: 'nowhere' })).rejects.toMatchObject(refusedFor('mail'));
      await expect(users.update('a', { place: { city: 'X' } })).rejects.toMatchObject(
        refusedFor('place.city'),
      );
      expect(await stateNow()).toEqual(before);
    });

    it('are waited for when they take their time', async () => {
      const { users } = await setUp();
      await expect(users.update('a', { name: 'taken' })).rejects.toMatchObject(refusedFor('name'));
      await expect(users.insert({ id: 'b', name: 'taken' })).rejects.toMatchObject(refusedFor('name'));
      const ann = await users.findOneByOrFail({ id: 'a' });
      ann.name = 'taken';
      await expect(users.save(ann)).rejects.toMatchObject(refusedFor('name'));
      await users.update('a', { name: 'Anna' });
      expect(await users.findOneByOrFail({ id: 'a' })).toMatchObject({ name: 'Anna' });
    });

    it('of fields look at what an update writes, that of the entity at whole records', async () => {
      const { users } = await setUp();
      await users.update('a', { until: 1970, place: { zip: '2' } });
      const ann = await users.findOneByOrFail({ id: 'a' });
      expect(ann).toMatchObject({ until: 1970, place: { city: 'Oslo', zip: '2' } });
      ann.mail = 'ann@dustlayer.io';
      await expect(users.save(ann)).rejects.toMatchObject(refusedFor('until'));
      ann.until = 1990;
      await users.save(ann);
      await expect(users.insert({ id: 'b', name: 'Bob', since: 1990, until: 1980 })).rejects.toMatchObject(
        refusedFor('until'),
      );
      expect(await users.count()).toBe(1);
    });
  });
});
