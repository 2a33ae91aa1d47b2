import type { DataSourceOptions } from '../../data-source/index.js';
import { HttpTransport } from '../../transport/http/index.js';
import type { HttpTransportOptions } from '../../transport/http/index.js';
import { untilAborted } from '../../transport/abort.js';
import type { OpenOptions, Target } from './target.js';

/** Enough for a rate limit, and soon over when nothing listens there. */
const RETRY = { attempts: 3 } as const;

/** Opens a store on a server. Requests are made again where that is safe, unless the options say how or that not. */
export async function openHttpTarget(
  options: Pick<DataSourceOptions, 'retry' | 'timeout' | 'logger' | 'clock'> &
    Pick<HttpTransportOptions, 'url' | 'token' | 'store'>,
  { signal, clock, logger }: OpenOptions,
): Promise<Target> {
  const { url, token, store, retry = RETRY, timeout } = options;
  const transport = new HttpTransport({
    url,
    token,
    store,
    retry,
    timeout,
    clock: options.clock ?? clock,
    logger: options.logger ?? logger,
  });
  try {
    await untilAborted(transport.connect(), signal);
  } catch (error) {
    await transport.close();
    throw error;
  }
  return {
    name: `${store} on ${url}`,
    transport,
    dump: {
      exportLines: () => transport.exportDump({ signal }),
      importLines: (lines) => transport.importDump(lines.map((line) => `${line}\n`).join(''), { signal }),
    },
    indexes: {
      list: () => transport.indexes({ signal }),
      drop: async ({ prefix, parts, unique }) =>
        (await transport.dropIndexes(prefix, [{ prefix, parts, unique }], { signal })) > 0,
    },
    close: () => transport.close(),
  };
}
