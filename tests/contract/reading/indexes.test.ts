import { filter, firstValueFrom } from 'rxjs';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import type { Transport } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';

/** Behind a write that was acknowledged, reads are answered here. */
async function ready(transport: Transport): Promise<Transport> {
  await firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'live')));
  return transport;
}

describeContract(
  'records by their indexes, below all mapping',
  (context) => {
    it('are read in this process, by what they hold, as soon as a write is acknowledged', async () => {
      const transport = await ready(await context.otherWriter());
      const prefix = context.uniquePrefix().join('/');
      const index: IndexDefinition = { prefix, parts: [{ path: 'state', type: 'string' }], unique: false };
      const slugs = (value: string): string[] =>
        Array.from(
          transport.localRecords?.(prefix)?.walk({ by: 'index', index, ranges: [{ equal: [value] }] }) ?? [],
          ({ slug }) => slug,
        );
      await transport.set(prefix, { b: { state: 'on' }, a: { state: 'on' }, c: { state: 'off' } });
      await transport.useIndexes?.(prefix, [index]);
      expect(transport.localRecords?.(prefix)?.indexes).toEqual([index]);
      expect(slugs('on')).toEqual(['a', 'b']);
      await transport.set(`${prefix}/c/state`, 'on');
      await transport.delete(`${prefix}/a`);
      expect(slugs('on')).toEqual(['b', 'c']);
      await transport.batchWrite([
        { op: 'set', path: `${prefix}/b/state`, value: 'off' },
        { op: 'set', path: `${prefix}/d`, value: { state: 'on' } },
      ]);
      expect(slugs('on')).toEqual(['c', 'd']);
      await transport.useIndexes?.(prefix, []);
      expect(transport.localRecords?.(prefix)?.indexes).toEqual([]);
    });

    it('are refused by name what is no option, and called off by a signal', async () => {
      const transport = await ready(await context.otherWriter());
      const prefix = context.uniquePrefix().join('/');
      const wrong = { onprogress: () => undefined } as object;
      await expect(transport.useIndexes?.(prefix, [], wrong)).rejects.toMatchObject({
        kind: 'invalid_options',
      });
      const signal = AbortSignal.abort();
      await expect(transport.useIndexes?.(prefix, [], { signal })).rejects.toMatchObject({ kind: 'aborted' });
      expect(() => transport.localRecords?.(prefix, { signal })).toThrow(/called off|aborted/);
    });

    it('are closed with the transport', async () => {
      const transport = await ready(await context.otherWriter());
      const prefix = context.uniquePrefix().join('/');
      await transport.close();
      expect(() => transport.localRecords?.(prefix)).toThrow(/closed/);
      await expect(transport.useIndexes?.(prefix, [])).rejects.toMatchObject({ kind: 'closed' });
    });
  },
  { needs: 'indexes' },
);
