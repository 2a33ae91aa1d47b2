// Find operators made by one copy are understood by the other.
import assert from 'node:assert/strict';
import { PAIRS, declareLink, done, withDataSource } from './copies.mjs';

for (const { title, declaring, using } of PAIRS) {
  const Link = declareLink(declaring);
  const { And, Between, In, IsNull, LessThan, Like, MoreThan, Not, Or } = declaring;
  await withDataSource(using, [Link], async (dataSource) => {
    const links = dataSource.getRepository(Link);
    await links.insert([
      { slug: 'a', title: 'A', rank: 1 },
      { slug: 'b', title: 'B', rank: 2 },
      { slug: 'c', title: 'C' },
    ]);
    const slugs = async (where) => (await links.findBy(where)).map((link) => link.slug).join('');
    assert.equal(await slugs({ rank: MoreThan(1) }), 'b', title);
    assert.equal(await slugs({ slug: In(['a', 'c']) }), 'ac', title);
    assert.equal(await slugs({ rank: Not(IsNull()) }), 'ab', title);
    assert.equal(await slugs({ title: Or(Like('A'), Not(In(['A', 'B']))) }), 'ac', title);
    assert.equal(await slugs({ rank: And(Between(1, 2), using.LessThan(2)) }), 'a', title);
    assert.equal(await slugs({ rank: using.Not(LessThan(2)) }), 'b', title);
  });
}
done();
