// What applications build on the package is compiled with declarations, so that every type that is inferred from it needs a
// name that they can write. Nest's starter has it so.
import { EventEmitter } from 'node:events';
import { DustEntity, EventBridge, Field, IsNull, Slug, sseStream, toAsyncIterable } from 'dust-orm';
import {
  defineEntity,
  defineNested,
  enumField,
  field,
  fileField,
  jsonField,
  nested,
  setField,
  slug,
} from 'dust-orm';
import type { DataSource, EntityManager, Repository } from 'dust-orm';
import { serve } from 'dust-orm/server';
import { createTestDataSource } from 'dust-orm/testing';

@DustEntity({ prefix: ['declared'] })
export class Item {
  @Slug() slug!: string;
  @Field('string') note?: string | null;
}

export class Items {
  constructor(
    private readonly items: Repository<Item>,
    private readonly manager: EntityManager,
    private readonly source: DataSource,
  ) {}

  find = () => this.items.find({ where: { note: IsNull() } });
  findAndCount = () => this.items.findAndCount();
  stream = () => this.items.stream();
  insert = (item: Item) => this.items.insert(item);
  insertMany = (items: Item[]) => this.items.insertMany(items);
  upsert = (item: Item) => this.items.upsert(item);
  save = (item: Item) => this.items.save(item);
  preload = (item: Item) => this.items.preload(item);
  update = (slug: string, note: string) => this.items.update(slug, { note });
  remove = (item: Item) => this.items.remove(item);
  delete = (slug: string) => this.items.delete(slug);
  clear = () => this.items.clear();
  events = () => this.items.events();
  rawEvents = () => this.items.rawEvents();
  live = () => this.items.live();
  liveOne = (slug: string) => this.items.liveOne(slug);
  iterate = () => toAsyncIterable(this.items.live());
  sse = () => sseStream(this.items.events());
  bridge = () => new EventBridge({ source: this.items, bus: new EventEmitter(), topic: 'items' });
  batch = () => this.manager.batch((batch) => void batch.insert(Item, { slug: 'a' }));
  lease = () => this.manager.lease('jobs/items');
  once = () => this.manager.singleFlight('jobs/items', () => Promise.resolve(1));
  metadata = () => this.items.metadata;
  status = () => this.source.transport.status();
  capabilities = () => this.source.transport.capabilities;
  extended = () =>
    this.items.extend({
      unread() {
        return this.findBy({ note: IsNull() });
      },
    });
}

export const serving = () => serve();
export const testing = () => createTestDataSource({ entities: [Item] });

export const Place = defineNested({ city: field('string') });
export const Defined = defineEntity('defined', {
  id: slug(),
  state: enumField(['open', 'done'], { required: true }),
  place: nested(() => Place),
  cover: fileField(),
  hours: jsonField<{ from: number }>(),
  tags: setField('string'),
});
export class Extended extends Defined {}
export const properties = { id: slug(), title: field('string', { required: true }) };
