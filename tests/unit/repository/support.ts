import { IsUrl, Length } from 'class-validator';
import type {
  EntityClass,
  DataSourceOptions,
  DustFile,
  Transport,
  TransportCapabilities,
} from '../../../src/index.js';
import {
  CounterField,
  DataSource,
  DustEntity,
  EmbeddedTransport,
  Field,
  FileField,
  SetField,
  silentLogger,
  Slug,
  VersionField,
} from '../../../src/index.js';

@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug() slug!: string;
  @Field({ required: true }) @Length(1, 200) title!: string;
  @Field({ required: true }) @IsUrl() url!: string;
  @Field({ type: 'string' }) note?: string | null;
  @CounterField() views!: number;
  @SetField({ type: 'string' }) tags!: string[];
  @FileField() icon?: DustFile;
}

@DustEntity({ prefix: 'profiles', mode: 'map' })
export class Profile {
  @Slug() slug!: string;
  @Field({ required: true }) name!: string;
  @Field() city?: string;
  @Field({ type: 'integer' }) age?: number;
  @Field({ type: 'json' }) meta?: unknown;
}

@DustEntity({ prefix: 'documents' })
export class Document {
  @Slug() slug!: string;
  @Field({ required: true }) text!: string;
  @Field() title?: string;
  @VersionField() version?: number;
}

export const link = (slug: string, more: Partial<Link> = {}): Partial<Link> & { slug: string } => ({
  slug,
  title: `Title of ${slug}`,
  url: 'https://example.com/',
  ...more,
});

type Call = readonly [method: string, ...args: unknown[]];

/** A transport that notes the writes it is asked for and can be made to lack capabilities or to fail. */
export interface Watched {
  readonly transport: Transport;
  /** The methods that write, in the order they were called. */
  readonly writes: Call[];
  /** Called before a method is passed on; what it throws is what the method rejects with. */
  before: (method: string, args: readonly unknown[]) => unknown;
}

/** The methods of a transport that write. */
export const WRITES: readonly string[] = [
  'set',
  'delete',
  'merge',
  'increment',
  'add',
  'remove',
  'batchWrite',
  'putFile',
];

export function watched(inner: Transport, capabilities: Partial<TransportCapabilities> = {}): Watched {
  const control: Omit<Watched, 'transport'> = { writes: [], before: () => undefined };
  const transport = new Proxy(inner, {
    get(target, property) {
      if (property === 'capabilities') return { ...target.capabilities, ...capabilities };
      // So that reads, too, are requests that a test can step in before.
      if (property === 'localRecords') return undefined;
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function' || String(property).startsWith('watch')) {
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async (...args: unknown[]): Promise<unknown> => {
        const method = String(property);
        await control.before(method, args);
        if (WRITES.includes(method)) control.writes.push([method, ...args]);
        return member.apply(target, args);
      };
    },
  });
  return Object.assign(control, { transport });
}

/** Data sources that are destroyed when the test ends. */
export function useDataSources() {
  const open: DataSource[] = [];
  afterEach(async () => {
    for (const dataSource of open.splice(0)) await dataSource.destroy();
  });
  return async (
    entities: readonly EntityClass[],
    capabilities: Partial<TransportCapabilities> = {},
    options: Partial<DataSourceOptions> = {},
  ) => {
    const control = watched(new EmbeddedTransport(), capabilities);
    const dataSource = new DataSource({
      entities,
      transport: control.transport,
      logger: silentLogger,
      ...options,
    });
    open.push(dataSource);
    await dataSource.initialize();
    return { dataSource, manager: dataSource.manager, control, inner: control.transport };
  };
}

/** The names of the write methods a transport was asked for. */
export const methods = (control: Watched): string[] => control.writes.map(([method]) => method);
