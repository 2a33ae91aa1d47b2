import { DustEntity, Field, Slug } from '../../../../src/index.js';
import { buildEntityMetadata } from '../../../../src/metadata/index.js';
import type { Path } from '../../../../src/protocol/paths/path.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { byNameOver, existenceByName } from '../../../../src/query/read/named-reads.js';

@DustEntity('things')
class Claimed {
  @Slug() id!: string;
  @Field() note?: string;
  @Field({ required: true }) text!: string;
}

@DustEntity('things')
class Unclaimed {
  @Slug() id!: string;
  @Field() note?: string;
}

const leaf = (path: Path): Leaf => ({ path, value: 1, type: 'integer', revision: 1 });

/** A transport on these leaves that notes what it is asked for. */
function transportOf(paths: readonly Path[], subtrees?: true) {
  const asked: [string, readonly Path[]][] = [];
  return {
    asked,
    capabilities: { ...(subtrees && { subtrees }) },
    getMany: async (wanted: readonly Path[]) => {
      asked.push(['getMany', wanted]);
      return new Map(wanted.filter((path) => paths.includes(path)).map((path) => [path, leaf(path)]));
    },
    subtrees: async (wanted: readonly Path[]) => {
      asked.push(['subtrees', wanted]);
      const below = (at: Path) => paths.filter((path) => path.startsWith(`${at}/`)).map(leaf);
      return new Map(wanted.map((at) => [at, below(at)] as const).filter(([, leaves]) => leaves.length > 0));
    },
  };
}

const PATHS = ['things/a/text', 'things/b/foreign', 'things/a/note'];

describe('records by name', () => {
  it('are whole, and there is nothing of those that are not', async () => {
    const byName = byNameOver(transportOf(PATHS, true), 'things');
    const found = await byName?.read(['a', 'c'], {});
    expect([...found!]).toEqual([
      ['a', [leaf('things/a/text'), leaf('things/a/note')]],
      ['c', []],
    ]);
  });

  it('are not read where the transport takes a request for each', () => {
    expect(byNameOver(transportOf(PATHS), 'things')).toBeUndefined();
    expect(existenceByName(transportOf(PATHS), buildEntityMetadata(Unclaimed))).toBeUndefined();
  });
});

describe('whether records are there', () => {
  const slugs = ['a', 'b', 'c'];

  it('is known by the leaf that each whole one has, and of the others nothing is said', async () => {
    const transport = transportOf(PATHS);
    const found = await existenceByName(transport, buildEntityMetadata(Claimed))?.read(slugs, {});
    expect([...found!.keys()]).toEqual(['a']);
    expect(transport.asked).toEqual([['getMany', slugs.map((slug) => `things/${slug}/text`)]]);
  });

  it('is known of the others by what lies below them, where that is one request', async () => {
    const transport = transportOf(PATHS, true);
    const found = await existenceByName(transport, buildEntityMetadata(Claimed))?.read(slugs, {});
    expect([...found!].map(([slug, items]) => [slug, items.length > 0])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
    expect(transport.asked[1]).toEqual(['subtrees', ['things/b', 'things/c']]);
    transport.asked.length = 0;
    await existenceByName(transport, buildEntityMetadata(Unclaimed))?.read(slugs, {});
    expect(transport.asked.map(([method]) => method)).toEqual(['subtrees']);
  });
});
