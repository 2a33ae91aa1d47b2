import {
  CounterField,
  DataSource,
  DustEntity,
  Field,
  FileField,
  SetField,
  silentLogger,
  Slug,
} from '../../../src/index.js';
import type { DataSourceOptions, DustFile } from '../../../src/index.js';
import { serve } from '../../../src/server/index.js';
import type { Likeness } from '../../../src/testing/index.js';

@DustEntity({ prefix: ['reading', 'links'] })
export class Link {
  @Slug() slug!: string;
  @Field({ required: true }) title!: string;
  @Field({ type: 'string' }) note?: string | null;
  @Field({ default: 'normal' }) priority!: string;
  @CounterField() views?: number;
  @SetField({ type: 'string' }) tags?: string[];
  @FileField() icon?: DustFile;
}

export const ALL = [
  'memory',
  'server',
  'server-0.1',
  'http',
  'http-0.1',
] as const satisfies readonly Likeness[];

/** Those with a channel or a store in the process. */
export const LIVE = ['memory', 'server', 'server-0.1'] as const satisfies readonly Likeness[];

/** Those with a server. */
export const SERVED = ['server', 'server-0.1', 'http', 'http-0.1'] as const satisfies readonly Likeness[];

/** The way itself that something is like: a data source as a program in production makes it. */
export async function production(like: Likeness): Promise<AsyncDisposable & { readonly dust: DataSource }> {
  const options: DataSourceOptions = { store: 'acme/reading', entities: [Link], logger: silentLogger };
  if (like === 'memory') {
    const dust = await new DataSource(options).initialize();
    return { dust, [Symbol.asyncDispose]: () => dust.destroy() };
  }
  const server = await serve({
    port: 0,
    stores: ['acme/reading'],
    logger: silentLogger,
    ...(like.endsWith('0.1') ? { imitate: '0.1' } : {}),
  });
  const { url, token } = server;
  const dust = new DataSource({ ...options, url, token, realtime: !like.startsWith('http') });
  const close = async (): Promise<void> => {
    await dust.destroy();
    await server.close();
  };
  await dust.initialize();
  return { dust, [Symbol.asyncDispose]: close };
}
