import type { Hono } from 'hono';
import { inspect } from 'node:util';
import { formatDumpHeader, formatDumpLine, parseDump } from '../../../protocol/wire/dump.js';
import type { Store } from '../../../store/index.js';
import { exportPages, importLeaves } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import { readText } from '../body.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import type { Gate } from '../../access/gate.js';
import { writeContext } from '../write-context.js';

/** `GET /export` and `POST /import`, a store as lines of JSON (PROTOCOL §3). */
export function addDumpRoutes(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  const { imitation, bounds, writer, logger } = parts;

  routes.get('/export', gate('entries:read', 'reads'), (c) => {
    const { store, storeName } = c.var;
    // A store that cannot be read at all refuses it here, as any other request.
    const header = `${formatDumpHeader({ store: storeName, store_seq: store.status().storeSeq })}\n`;
    const body = streamOf(dumpPages(store, header), (error) => {
      logger.error(`the export of ${storeName} broke off: ${inspect(error)}`);
      // A body that broke off must not look like a whole one.
      c.env.outgoing.destroy();
    });
    return c.body(body, 200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  });

  routes.post('/import', gate('entries:write', 'writes'), async (c) => {
    const text = await readText(c.env.incoming, bounds.body);
    const { clientOpId, ...context } = writeContext(c, imitation);
    const { store } = c.var;
    const lines = text.split('\n');
    const { imported, storeSeq } = await writer.run(store, lines.length, () =>
      importLeaves(store, parseDump(lines), context),
    );
    return answerJson(c, { imported, store_seq: storeSeq });
  });
}

/** The text of a dump, in parts of some hundred lines or some megabytes. */
function* dumpPages(store: Store, header: string): Generator<string, void, undefined> {
  yield header;
  for (const leaves of exportPages(store)) yield leaves.map((leaf) => `${formatDumpLine(leaf)}\n`).join('');
}

/** Makes the next part when the reader has taken the last one, and none for a reader who has gone. */
function streamOf(
  parts: Generator<string, void, undefined>,
  onError: (error: unknown) => void,
): ReadableStream {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: (controller) => {
        try {
          const part = parts.next();
          if (part.done === true) controller.close();
          else controller.enqueue(encoder.encode(part.value));
        } catch (error) {
          // The end of the connection is the end of the stream.
          onError(error);
        }
      },
    },
    { highWaterMark: 0 },
  );
}
