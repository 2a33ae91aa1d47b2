import { propertiesOf } from './properties.js';
import { leaveOut } from './snapshots.js';

/**
 * Takes all of these properties off an instance that was just loaded, and remembers that they are not gone from its record: saving the
 * instance leaves them as they are stored.
 */
export function withoutProperties<T extends object>(instance: T, properties: ReadonlySet<string>): T {
  const values = propertiesOf(instance);
  for (const name of properties) {
    if (Object.hasOwn(values, name)) Reflect.deleteProperty(values, name);
    // An accessor of the class, which keeps its value elsewhere.
    else if (name in values) values[name] = undefined;
  }
  leaveOut(instance, properties);
  return instance;
}
