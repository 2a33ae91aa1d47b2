import { instanceToPlain, plainToInstance, Type } from 'class-transformer';
import { createEntityMapper } from '../src/mapping/entity-mapper.js';
import { buildEntityMetadata } from '../src/metadata/build-entity-metadata.js';
import { leafTypeOf } from '../src/protocol/values/value.js';
import type { JsonValue } from '../src/protocol/values/value.js';
import { systemClock } from 'dust-orm';
import { Link, linkNumber } from './link.js';
import type { Group, Row } from './measure.js';
import { compare, durationRow, ratioRow } from './measure.js';

const CALLS = 50_000;

/** The same fields under class-transformer alone. */
class TransformedLink {
  slug!: string;
  title!: string;
  url!: string;
  note?: string;
  rank?: number;
  read?: boolean;
  @Type(() => Date)
  addedAt?: Date;
}

const mapper = createEntityMapper(buildEntityMetadata(Link), { clock: systemClock });

export const hydrateAndDump: Group = {
  name: 'hydrate and dump a record of scalar fields',
  async run() {
    const dated = linkNumber(1);
    const scalar = Object.assign(linkNumber(1), { addedAt: undefined });
    return [
      ...(await hydrateRows('five scalars', scalar, { byHand: { atMost: 3 }, transformed: { atLeast: 10 } })),
      ...(await hydrateRows('and a Date', dated, {})),
      ...(await dumpRows(dated)),
    ];
  },
};

interface HydrateTargets {
  readonly byHand?: { readonly atMost: number };
  readonly transformed?: { readonly atLeast: number };
}

async function hydrateRows(what: string, entity: Link, targets: HydrateTargets): Promise<Row[]> {
  const { slug, addedAt, ...fields } = entity;
  const stored = { ...fields, ...(addedAt && { addedAt: addedAt.toISOString() }) };
  const record = {
    slug,
    revision: 7,
    leaves: Object.entries(stored)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({
        path: `bench/links/${slug}/${name}`,
        value: value,
        type: leafTypeOf(value),
        revision: 7,
      })),
  };
  const plain = { slug, ...stored };
  const [ours, byHand, transformed] = await compare(CALLS, [
    () => mapper.hydrate(record),
    () => hydrateByHand(record),
    () => plainToInstance(TransformedLink, plain),
  ]);
  return [
    durationRow(`hydrate, ${what}`, ours!),
    ratioRow(`hydrate, ${what}, against code written by hand`, ours! / byHand!, targets.byHand),
    ratioRow(
      `hydrate, ${what}, times faster than class-transformer`,
      transformed! / ours!,
      targets.transformed,
    ),
  ];
}

async function dumpRows(entity: Link): Promise<Row[]> {
  const [dump, byHand, transformed] = await compare(CALLS, [
    () => mapper.encode(entity, 'update'),
    () => dumpByHandWritten(entity),
    () => instanceToPlain(entity),
  ]);
  return [
    durationRow('dump, six fields', dump!),
    ratioRow('dump, against code written by hand', dump! / byHand!),
    ratioRow('dump, times faster than class-transformer', transformed! / dump!),
  ];
}

interface Stored {
  readonly slug: string;
  readonly leaves: readonly { readonly path: string; readonly value: JsonValue }[];
}

/** What an engineer would write for this one class, checks of types and required fields included. */
function hydrateByHand({ slug, leaves }: Stored): Link {
  const link = new Link();
  link.slug = slug;
  const base = `bench/links/${slug}/`.length;
  for (const { path, value } of leaves) {
    switch (path.slice(base)) {
      case 'title':
        link.title = text(value);
        break;
      case 'url':
        link.url = text(value);
        break;
      case 'note':
        link.note = text(value);
        break;
      case 'rank':
        if (!Number.isSafeInteger(value)) throw new Error('rank');
        link.rank = value as number;
        break;
      case 'read':
        if (typeof value !== 'boolean') throw new Error('read');
        link.read = value;
        break;
      case 'addedAt':
        link.addedAt = date(value);
    }
  }
  if (link.title === undefined || link.url === undefined) throw new Error('incomplete');
  return link;
}

function text(value: JsonValue): string {
  if (typeof value !== 'string') throw new Error('text');
  return value;
}

function date(value: JsonValue): Date {
  const parsed = new Date(text(value));
  if (Number.isNaN(parsed.getTime())) throw new Error('date');
  return parsed;
}

function dumpByHandWritten(link: Link): Record<string, JsonValue> {
  const dumped: Record<string, JsonValue> = { title: link.title, url: link.url };
  if (link.note !== undefined) dumped.note = link.note;
  if (link.rank !== undefined) dumped.rank = link.rank;
  if (link.read !== undefined) dumped.read = link.read;
  if (link.addedAt !== undefined) dumped.addedAt = link.addedAt.toISOString();
  return dumped;
}
