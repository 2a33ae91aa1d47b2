// The build loads single files of rxjs. What comes out of them is what an application gets from rxjs itself.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Observable, firstValueFrom } from 'rxjs';
import { filesOfRxjs } from '../../../scripts/rxjs-by-file.mjs';
import { PAIRS, declareLink, done, withDataSource } from './copies.mjs';

const require = createRequire(import.meta.url);
const required = require('rxjs');

const files = filesOfRxjs();
assert.deepEqual([...files.keys()].sort(), Object.keys(required).sort());
for (const [name, { file, member }] of files) assert.equal(require(file)[member], required[name], name);
assert.throws(() => filesOfRxjs("export * from './internal/index.js';"), /see scripts\/rxjs-by-file\.mjs/);

for (const { title, declaring, using } of PAIRS) {
  const Link = declareLink(declaring);
  await withDataSource(using, [Link], async (dataSource) => {
    for (const observable of [dataSource.status$, dataSource.getRepository(Link).live()]) {
      assert.ok(observable instanceof Observable, title);
      assert.ok(observable instanceof required.Observable, title);
    }
    assert.deepEqual(await firstValueFrom(dataSource.getRepository(Link).live()), [], title);
  });
}

done();
