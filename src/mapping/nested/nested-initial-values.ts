import { types } from 'node:util';
import type { FieldMetadata } from '../../metadata/types.js';
import type { Pristine } from '../initial-values.js';
import { instantiate } from '../instantiate.js';
import { propertiesOf } from '../properties.js';

/**
 * Reports a part of a nested object that classes give a value. A record without that leaf has the value of the entity's
 * initialiser when the whole object is absent, the nested class's when it is there, and none when it is null: an index cannot tell.
 *
 * @param path the fields down to the part, the entity's own first
 */
export function givenByNested(
  samples: readonly Pristine[],
  path: readonly FieldMetadata[],
  report: (text: string) => void,
): void {
  for (const { instance } of samples) reportGiven(instance, path, 'the class', report);
  path.slice(0, -1).forEach(({ nestedClass }, i) => {
    if (nestedClass === undefined) return;
    const owner = `its class ${nestedClass.name}`;
    try {
      reportGiven(instantiate(nestedClass), path.slice(i + 1), owner, report);
    } catch (error) {
      const reason = types.isNativeError(error) ? error.message : 'a value that is no error';
      report(`it is indexed, and ${owner} threw when it was constructed without arguments: ${reason}.`);
    }
  });
}

/** A first field that must be there to be read never has the value of an initialiser. */
function reportGiven(
  instance: object,
  path: readonly FieldMetadata[],
  owner: string,
  report: (text: string) => void,
): void {
  if (path[0]?.required === true) return;
  let value: unknown = instance;
  for (const { propertyName, transformers } of path) {
    if (typeof value !== 'object' || value === null) return;
    value = propertiesOf(value)[propertyName];
    // What stands behind a transformer has other properties than the nested class.
    if (transformers.length > 0) break;
  }
  if (value === undefined || value === null) return;
  report(
    `it is indexed, and ${owner} gives it a value by an initialiser, which the index does not know. ` +
      'Use { default: … }, which is stored, and no initialiser.',
  );
}
