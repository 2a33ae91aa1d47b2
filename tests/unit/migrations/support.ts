import type { DataSourceOptions, MigrationContext, MigrationInterface } from '../../../src/index.js';
import { DataSource, DustEntity, EmbeddedTransport, Field, silentLogger, Slug } from '../../../src/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/index.js';
import type { Transport, TransportCapabilities } from '../../../src/transport/transport.js';

@DustEntity('notes')
export class Note {
  @Slug() slug!: string;
  @Field('string') text?: string;
  @Field({ type: 'string', select: false }) secret?: string;
}

@DustEntity('tags')
export class Tag {
  @Slug() slug!: string;
  @Field('string') title?: string;
}

export const FIRST = 'First1700000000000';
export const SECOND = 'Second1700000000001';

export type Step = (context: MigrationContext) => Promise<unknown>;

export const nothing: Step = () => Promise.resolve();

export function migration(name: string, up: Step, down?: Step): MigrationInterface {
  return down === undefined ? { name, up } : { name, up, down };
}

export function notes(count: number, letter = 'n'): Note[] {
  return Array.from({ length: count }, (_, i) =>
    Object.assign(new Note(), { slug: `${letter}${String(i).padStart(4, '0')}`, text: `${i}` }),
  );
}

/** What one transport is made to lack, and what it does instead. */
export interface Odd {
  readonly capabilities?: Partial<TransportCapabilities>;
  readonly instead?: Partial<Transport>;
}

/** A store in memory, and any number of clients of it. */
export class World {
  readonly clock = new TestClock();
  readonly store = new Store({ storage: createMemoryStorage(), clock: this.clock });
  readonly #open: DataSource[] = [];

  transport({ capabilities, instead = {} }: Odd = {}): Transport {
    const inner = new EmbeddedTransport({ store: this.store });
    return new Proxy<Transport>(inner, {
      get(target, name) {
        if (name === 'capabilities') return { ...target.capabilities, ...capabilities };
        const replaced: unknown = Reflect.get(instead, name);
        const member: unknown = replaced ?? Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  dataSource(
    migrations: readonly MigrationInterface[],
    options: Partial<DataSourceOptions> = {},
    odd: Odd = {},
  ): DataSource {
    const made = new DataSource({
      entities: [Note, Tag],
      transport: () => this.transport(odd),
      clock: this.clock,
      logger: silentLogger,
      migrations,
      ...options,
    });
    this.#open.push(made);
    return made;
  }

  async open(
    migrations: readonly MigrationInterface[],
    options: Partial<DataSourceOptions> = {},
    odd: Odd = {},
  ): Promise<DataSource> {
    return this.dataSource(migrations, options, odd).initialize();
  }

  /** Moves time on, step by step, until the work is done. */
  async passing<T>(work: Promise<T>, step = 100): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => undefined);
    while (!isDone) await this.clock.advance(step);
    return done;
  }

  async close(): Promise<void> {
    for (const dataSource of this.#open.splice(0)) await dataSource.destroy();
    await this.store.close();
  }
}

/** A world for each test. */
export function useWorld(): { readonly world: World } {
  const used = { world: undefined as unknown as World };
  beforeEach(() => {
    used.world = new World();
  });
  afterEach(() => used.world.close());
  return used;
}

/** Something to wait for, and what ends the wait. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}
