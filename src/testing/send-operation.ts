import type { Path } from '../protocol/paths/path.js';
import { renderPath } from '../protocol/paths/path.js';
import type { Transport, WriteReceipt } from '../transport/transport.js';
import type { EmittedRawOperation } from './emitted-operation.js';

/** Makes an operation through a transport. @throws what the transport throws */
export async function sendOperation(
  transport: Transport,
  operation: EmittedRawOperation,
): Promise<WriteReceipt> {
  const path: Path = typeof operation.path === 'string' ? operation.path : renderPath(operation.path);
  switch (operation.op) {
    case 'set':
      return transport.set(path, operation.value);
    case 'merge':
      return transport.merge(path, operation.value);
    case 'increment':
      return transport.increment(path, operation.value);
    case 'add':
      return transport.add(path, operation.value);
    case 'remove':
      return transport.remove(path, operation.value);
    case 'delete':
      return transport.delete(path);
  }
}
