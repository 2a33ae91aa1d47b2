// A class declared with the decorators of one copy is an entity for the data source of the other.
import assert from 'node:assert/strict';
import { firstValueFrom } from 'rxjs';
import { PAIRS, declareLink, done, withDataSource } from './copies.mjs';

for (const { title, declaring, using } of PAIRS) {
  const Link = declareLink(declaring);
  await withDataSource(using, [Link], async (dataSource) => {
    const links = dataSource.getRepository(Link);
    const event = firstValueFrom(links.events());
    const addedAt = new Date(Date.UTC(2026, 0, 2));
    await links.save(links.create({ slug: 'a', title: 'A', rank: 1, addedAt }));
    await links.increment('a', 'views', 2);

    const found = await links.findOneByOrFail({ slug: 'a' });
    assert.ok(found instanceof Link, title);
    assert.deepEqual({ ...found }, { slug: 'a', title: 'A', rank: 1, addedAt, views: 2 }, title);
    assert.equal((await event).slug, 'a', title);

    await assert.rejects(links.insert({ slug: 'b' }), { kind: 'validation' }, title);
  });
}
done();
