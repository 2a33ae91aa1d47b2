// The testing helpers of one copy work with entities of the other, and make errors it recognises.
import assert from 'node:assert/strict';
import { firstValueFrom } from 'rxjs';
import { cjs, cjsTesting, declareLink, done, esm, esmTesting } from './copies.mjs';

for (const [declaring, testing] of [
  [cjs, esmTesting],
  [esm, cjsTesting],
]) {
  const Link = declareLink(declaring);
  const dataSource = await testing.createTestDataSource({
    entities: [Link],
    seed: [[Link, [{ slug: 'a', title: 'A' }]]],
  });
  const links = dataSource.getRepository(Link);
  const event = firstValueFrom(links.events());
  await dataSource.emit({ op: 'merge', entity: Link, slug: 'a', value: { title: 'theirs' } });
  assert.equal((await event).own, false);
  dataSource.failNext('network');
  await assert.rejects(links.find(), (error) => declaring.isDustError(error, 'network'));
  assert.equal((await links.findOneBy({ slug: 'a' })).title, 'theirs');
  await dataSource.destroy();
}
done();
