// Errors of one copy are recognised by the other.
import assert from 'node:assert/strict';
import { PAIRS, declareLink, done, withDataSource } from './copies.mjs';

for (const { title, declaring, using } of PAIRS) {
  const Link = declareLink(declaring);
  await withDataSource(using, [Link], async (dataSource) => {
    const links = dataSource.getRepository(Link);
    const errorOf = (promise) =>
      promise.then(
        () => assert.fail('must reject'),
        (error) => error,
      );
    await links.insert({ slug: 'a', title: 'A' });

    for (const [kind, attempt] of [
      ['not_found', () => links.findOneByOrFail({ slug: 'missing' })],
      ['validation', () => links.insert({ slug: 'b' })],
      ['exists', () => links.insert({ slug: 'a', title: 'A' }, { ifAbsent: true })],
      ['conflict', () => links.update('a', { rank: 1 }, { ifMatch: 99 })],
      ['invalid_criteria', () => links.delete('')],
    ]) {
      const error = await errorOf(attempt());
      assert.ok(declaring.isDustError(error), `${title}: ${kind}`);
      assert.ok(declaring.isDustError(error, kind), `${title}: ${kind}, not ${error.kind}`);
      assert.ok(!(error instanceof declaring.DustError), title);
    }
  });
}
done();
