import type { DeepPartial } from '../../../../../src/query/index.js';
import type { JsonObject, JsonValue } from '../../../../../src/protocol/values/value.js';
import type { Draw } from './draw.js';
import { LEAVES, SLUGS } from './leaves.js';
import type { Row } from './row-class.js';
import type { World } from './world.js';

/** What a property is given: nothing at all, null, or a value. */
function anyValue(draw: Draw, name: string): unknown {
  const leaf = LEAVES.find((each) => each.name === name)!;
  if (draw.percent(15)) return undefined;
  return leaf.isNullable && draw.percent(15) ? null : draw.of(leaf.values);
}

function defined(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function anyAddress(draw: Draw): unknown {
  if (draw.percent(30)) return draw.percent(50) ? undefined : null;
  const lat = anyValue(draw, 'adr.geo.lat');
  const geo = draw.percent(30) ? draw.of([undefined, null]) : defined([['lat', lat]]);
  return defined([
    ['city', anyValue(draw, 'adr.city')],
    ['zip', anyValue(draw, 'adr.zip')],
    ['geo', geo],
  ]);
}

function anyRow(draw: Draw, slug: string): DeepPartial<Row> {
  const own = LEAVES.filter(({ name, kind }) => kind !== 'nested' && !name.includes('.'));
  const values = own.map(({ name }) => [name, anyValue(draw, name)] as const);
  return { slug, ...defined([...values, ['adr', anyAddress(draw)]]) };
}

/** Sets and counters change by operations of their own. */
function anyChange(draw: Draw, slug: string): DeepPartial<Row> {
  const { lab: _lab, cnt: _cnt, ...others } = anyRow(draw, slug) as Readonly<Record<string, unknown>>;
  return others;
}

/** A few rows to begin with. */
export async function fill({ rows }: World, draw: Draw): Promise<void> {
  const records = draw.some(SLUGS, 0, SLUGS.length).map((slug) => anyRow(draw, slug));
  if (records.length > 0) await rows.insertMany(records);
}

/** What other programs may have left there: garbage among it. */
const FOREIGN: readonly JsonObject[] = [
  { the_str: 'b', int: 2, adr: { city: 'Rome', postcode: '2' } },
  { the_str: 7, int: 'x', dat: 'never' },
  { the_str: null, big: '7', dec: '1.00', dat: '2020-01-03T00:00:00Z', adr: null },
  { int: 1, low: 'ab', mon: 5, ini: null, cnt: 5, unknown: true },
  { adr: { _type: 'json', _typed: { city: 'Oslo', geo: {} } }, boo: true, num: 10, enu: 'red' },
  { enu: 'pink', flt: 0.5 },
];
const READABLE = [FOREIGN[0]!, FOREIGN[3]!, FOREIGN[4]!];

/** A write of some kind. */
export async function writeSomething(world: World, draw: Draw): Promise<void> {
  const { rows, prefix, transport } = world;
  const slug = draw.of(SLUGS);
  const foreign = draw.percent(30) ? FOREIGN : READABLE;
  const segment = slug.replaceAll('~', '~0').replaceAll('/', '~1');
  const write = draw.of<() => Promise<unknown>>([
    () => rows.upsert(anyChange(draw, slug)),
    () => rows.save(anyChange(draw, slug)),
    async () => {
      const { slug: _, ...changes } = anyChange(draw, slug) as { slug: string };
      if (Object.keys(changes).length > 0) await rows.update(slug, changes);
    },
    () => rows.delete(draw.some(SLUGS, 1, 4)),
    async () => {
      const entity = await rows.findOneBy({ slug });
      if (entity !== null) await rows.save(Object.assign(entity, { int: 3, str: null, dat: undefined }));
    },
    () => rows.save(draw.some(SLUGS, 1, 5).map((each) => anyChange(draw, each))),
    () => transport.set(`${prefix}/${segment}`, draw.of(foreign)),
    () => transport.set(`${prefix}/${segment}/adr`, draw.of(foreign).adr ?? null),
    () => transport.delete(`${prefix}/${segment}/${draw.of(['the_str', 'int', 'adr', 'ini'])}`),
    async () => {
      if (!draw.percent(15)) return;
      const some: Record<string, JsonValue> = {};
      for (const each of draw.some(SLUGS, 0, 8)) {
        some[each.replaceAll('~', '~0').replaceAll('/', '~1')] = draw.of(foreign);
      }
      await transport.set(prefix, some);
    },
  ]);
  await write();
}
