// A class may inherit fields that were declared with the other copy's decorators.
import assert from 'node:assert/strict';
import { PAIRS, done, withDataSource } from './copies.mjs';

for (const { title, declaring, using } of PAIRS) {
  class Base {}
  declaring.Slug()(Base.prototype, 'slug');
  declaring.Field({ type: 'string' })(Base.prototype, 'inherited');
  class Derived extends Base {}
  using.DustEntity({ prefix: ['derived'] })(Derived);
  using.Field({ type: 'string' })(Derived.prototype, 'own');

  await withDataSource(using, [Derived], async (dataSource) => {
    const repository = dataSource.getRepository(Derived);
    await repository.insert({ slug: 'a', inherited: 'i', own: 'o' });
    assert.deepEqual(
      { ...(await repository.findOneByOrFail({ slug: 'a' })) },
      { slug: 'a', inherited: 'i', own: 'o' },
      title,
    );
  });
}
done();
