import * as fc from 'fast-check';
import { DustServer } from '../../../src/server/index.js';
import { expectThat, shown } from '../engine/fault.js';
import { outcomeOfPromise } from '../engine/outcome.js';
import type { Target } from '../engine/target.js';
import { defineTarget } from '../engine/target.js';
import { strings } from '../inputs/mutated-json.js';
import { asJson } from '../inputs/form.js';
import { firstStatus } from './http-answers.js';
import { FuzzedStores, TOKEN } from './fuzzed-server.js';
import { rawRequest } from './raw-request.js';

interface Input {
  readonly [key: string]: string;
  readonly filename: string;
  readonly contentType: string;
}

const types = fc.oneof(
  fc.constantFrom('image/png', 'text/html; charset=utf-8', 'text/plain;q="a\\"b"', 'a/b; c', 'é/ü', 'x/'),
  strings,
);

/** Names and content types of files: refused when they are stored, or else served, and never a header of their own. */
export function filesTarget(
  createServer = (
    options: ConstructorParameters<typeof DustServer>[0],
  ): Pick<DustServer, 'listen' | 'close'> => new DustServer(options),
): Target {
  return defineTarget<Input>({
    name: 'files',
    share: 2,
    batch: 100,
    inputs: fc.record({ filename: strings, contentType: types }),
    form: asJson<Input>(),
    open: async () => {
      const stores = await FuzzedStores.open();
      const server = createServer(stores.options);
      const { url } = await server.listen({ port: 0 });
      return {
        check: (input: Input) => check(input, stores, Number(new URL(url).port)),
        unharmed: () => stores.assertUnharmed(),
        close: async () => {
          await server.close();
          await stores.close();
        },
      };
    },
  });
}

async function check({ filename, contentType }: Input, stores: FuzzedStores, port: number): Promise<void> {
  const content = Buffer.from(`${filename}\n${contentType}`);
  const stored = await outcomeOfPromise(() =>
    stores.fuzzed.putFile({ path: 'file', content, filename, contentType }),
  );
  if (stored === undefined) return;
  const { bytes } = await rawRequest(
    port,
    Buffer.from(
      `GET /api/files/${stored.value.hash} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
    ),
  );
  expectThat(firstStatus(bytes) === 200, `a stored file is answered ${firstStatus(bytes) ?? 'nothing'}`);
  const head = bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString('latin1');
  expectThat(!/^(set-cookie|location):/im.test(head), `a header of the file's own: ${shown(head)}`);
  expectThat(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).equals(content), 'the content differs');
  stores.assertNothingUnforeseen();
}
