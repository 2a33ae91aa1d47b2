// The testing helpers of one copy work with entities of the other, and make errors it recognises.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
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

// A server is loaded by those that ask for one, and no sooner.
const { cache } = createRequire(import.meta.url);
const loaded = (name) => Object.keys(cache).some((file) => file.includes(`node_modules/${name}/`));
assert.equal(loaded('hono'), false);
for (const testing of [cjsTesting, esmTesting]) {
  for (const like of ['server', 'server-0.1', 'http']) {
    const Link = declareLink(cjs);
    const clock = new (testing === cjsTesting ? esmTesting : cjsTesting).TestClock();
    const dataSource = await testing.createTestDataSource({
      entities: [Link],
      like,
      clock,
      seed: [[Link, [{ slug: 'a', title: 'A' }]]],
    });
    await clock.advance(60_000);
    await dataSource.emit({ op: 'merge', entity: Link, slug: 'a', value: { title: 'theirs' } });
    assert.equal((await dataSource.getRepository(Link).findOneBy({ slug: 'a' })).title, 'theirs');
    assert.equal(dataSource.transport.capabilities.commits, like === 'server');
    await dataSource.destroy();
  }
}
assert.equal(loaded('hono'), true);
done();
