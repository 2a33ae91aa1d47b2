import type { CommittedOperation } from '../../../src/protocol/requests/operation.js';
import { batchReceipt, fileReceipt, leaseReceipt } from '../../../src/store/receipts.js';

const operation = (storeSeq: number, value: CommittedOperation['value'] = null): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path: 'a',
  value,
  deviceId: null,
  clientOpId: null,
});

it('a batch tells the seq of each operation; of a check that of the one before it, or of the store then', () => {
  const [check, set] = [{ op: 'check' }, { op: 'set' }];
  const seqs = (requested: readonly { readonly op: string }[], written: readonly number[]): number[] =>
    batchReceipt(requested, {
      operations: written.map((seq) => operation(seq)),
      storeSeq: written.at(-1) ?? 4,
    }).operations.map(({ storeSeq }) => storeSeq);
  expect(seqs([check, set, check, set], [5, 6])).toEqual([4, 5, 5, 6]);
  expect(seqs([check, check], [])).toEqual([4, 4]);
});

it('what wrote no envelope has no receipt of one', () => {
  expect(() => leaseReceipt(operation(1, 'text'))).toThrow('operation 1 wrote no lease');
  expect(() => fileReceipt(operation(1, 'text'))).toThrow('operation 1 wrote no file');
  expect(() => fileReceipt(operation(1, { hash: 5 }))).toThrow('operation 1 wrote no file');
  expect(fileReceipt(operation(1, { hash: 'sha256:0' }))).toEqual({ storeSeq: 1, hash: 'sha256:0' });
});
