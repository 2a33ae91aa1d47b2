import { DeletedAtField, DustEntity, DustError, Field, Slug } from '../../../../src/index.js';
import type { EntityManager } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

const connect = useDataSources();

@DustEntity({
  prefix: 'notes',
  version: 2,
  upgrade: { 2: (raw) => ({ ...raw, text: `${raw.text as string}!` }) },
})
class Note {
  @Slug() slug!: string;
  @Field({ required: true }) text!: string;
  @Field() title?: string;
  @DeletedAtField() deletedAt?: Date | null;
}

const READS = new Set(['get', 'getMany', 'exists', 'subtree', 'list', 'listKeys']);

/** Writes that look at their record before they are sent: of an older class, or whether it is deleted already. */
const WORKS: readonly (readonly [string, (manager: EntityManager, slug: string) => Promise<unknown>])[] = [
  ['an update', (m, slug) => m.update(Note, slug, { title: 'x' })],
  ['an update in a batch', (m, slug) => m.batch((b) => b.update(Note, slug, { title: 'x' }))],
  ['a soft deletion', (m, slug) => m.softDelete(Note, slug)],
  ['a soft deletion of several', (m, slug) => m.softDelete(Note, [slug])],
];

it.each(WORKS)('%s fails as whichever of its reads does', async (_, work) => {
  const { manager, control, inner } = await connect([Note]);
  let read = 0;
  let failing = 0;
  control.before = (method) => {
    if (READS.has(method) && ++read === failing) throw new DustError('network', `read ${failing} is lost`);
  };
  const run = async (slug: string): Promise<unknown> => {
    await inner.set(`notes/${slug}/text`, 'old');
    read = 0;
    return work(manager, slug);
  };
  await run('whole');
  const reads = read;
  expect(reads).toBeGreaterThan(0);
  for (failing = 1; failing <= reads; failing++) {
    await expect(run(`n${failing}`)).rejects.toMatchObject({
      kind: 'network',
      message: expect.stringContaining(`read ${failing} is lost`),
    });
  }
});
