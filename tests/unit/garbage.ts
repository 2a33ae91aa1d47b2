import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How many of the objects are still held by something else. To be asked when all that is settled has called back. */
export async function stillHeld(objects: readonly WeakRef<object>[]): Promise<number> {
  // A weak reference holds what it was asked for until the present turn is over.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return objects.filter((object) => object.deref() !== undefined).length;
}
