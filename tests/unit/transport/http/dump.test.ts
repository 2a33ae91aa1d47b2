import { Readable } from 'node:stream';
import { DustError } from '../../../../src/index.js';
import { connected, ok } from './stub-client.js';

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

describe('exportDump', () => {
  it('gives whole lines, however the bytes arrive', async () => {
    const { transport, client } = await connected();
    const bytes = Buffer.from('{"_header":true}\n\n{"path":"a","value":"é😀"}\n{"path":"b"}');
    client.script(ok(Readable.from([...bytes].map((byte) => Buffer.from([byte])))));
    expect(await collect(transport.exportDump())).toEqual([
      '{"_header":true}',
      '{"path":"a","value":"é😀"}',
      '{"path":"b"}',
    ]);
    expect(client.requests[0]).toMatchObject({
      method: 'GET',
      target: '/api/stores/acme/demo/export',
      read: 'stream',
      effect: 'read',
    });
  });

  it('ends the download when its reader stops', async () => {
    const { transport, client } = await connected();
    const stream = Readable.from([Buffer.from('1\n2\n'), Buffer.from('3\n')]);
    client.script(ok(stream));
    for await (const line of transport.exportDump()) {
      expect(line).toBe('1');
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it('fails as the stream does, and before that gives what came', async () => {
    const { transport, client } = await connected();
    async function* broken() {
      yield Buffer.from('1\n2');
      throw new DustError('network', 'Cut.');
    }
    client.script(ok(Readable.from(broken())));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const line of transport.exportDump()) seen.push(line);
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'network' });
    expect(seen).toEqual(['1']);
  });
});

describe('importDump', () => {
  const lines = '{"_header":true}\n{"path":"a","value":1,"type":"integer"}\n';

  it('sends the lines as they are, and says what was written', async () => {
    const { transport, client } = await connected();
    client.script(ok({ imported: 1, store_seq: 9 }));
    expect(await transport.importDump(lines)).toEqual({ imported: 1, storeSeq: 9 });
    expect(client.requests[0]).toMatchObject({
      method: 'POST',
      target: '/api/stores/acme/demo/import',
      body: lines,
      contentType: 'application/x-ndjson',
      effect: 'once',
    });
  });

  it('counts itself where the server does not', async () => {
    const { transport, client } = await connected();
    client.script(ok({ store_seq: 5 }), ok({}));
    expect(await transport.importDump(lines)).toEqual({ imported: 1, storeSeq: 5 });
    expect(await transport.importDump('{"path":"a"}\n{"path":"b"}')).toEqual({ imported: 2, storeSeq: 5 });
  });
});
