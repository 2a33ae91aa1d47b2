import { Pattern } from '../../src/protocol/paths/pattern.js';
import { PatternIndex } from '../../src/protocol/paths/pattern-index.js';
import { comparePaths } from '../../src/protocol/paths/order.js';
import { parsePath, renderPath } from '../../src/protocol/paths/path.js';
import type { JsonValue } from '../../src/protocol/values/value.js';
import { assemble, flatten } from '../../src/protocol/values/value.js';
import flattenVectors from './vectors/flatten.json' with { type: 'json' };
import globVectors from './vectors/globs.json' with { type: 'json' };
import orderVectors from './vectors/order.json' with { type: 'json' };
import pathVectors from './vectors/paths.json' with { type: 'json' };

interface PathVector {
  readonly segments?: readonly string[];
  readonly rendered?: string;
  readonly error?: string;
}

interface GlobVector {
  readonly pattern: string;
  readonly path?: readonly string[];
  readonly match?: boolean;
  readonly error?: string;
}

interface FlattenVector {
  readonly path: string;
  readonly value: JsonValue;
  readonly leaves?: Readonly<Record<string, JsonValue>>;
  readonly reads_back_as?: JsonValue;
  readonly error?: string;
}

/** Titles every row with its own JSON, so that a failure names the vector. */
const titled = <T>(vectors: readonly T[]): [string, T][] => vectors.map((v) => [JSON.stringify(v), v]);

const refusal = (detail: string) => expect.objectContaining({ kind: 'invalid_params', detail });

describe('paths', () => {
  it.each(titled(pathVectors as readonly PathVector[]))('%s', (_, { segments, rendered, error }) => {
    expect.hasAssertions();
    if (error === undefined) {
      expect(renderPath(segments ?? [])).toBe(rendered);
      expect(parsePath(rendered ?? '')).toEqual(segments);
      return;
    }
    if (segments !== undefined) expect(() => renderPath(segments)).toThrow(refusal(error));
    if (rendered !== undefined) expect(() => parsePath(rendered)).toThrow(refusal(error));
  });
});

describe('globs', () => {
  it.each(titled(globVectors as readonly GlobVector[]))('%s', (_, { pattern, path, match, error }) => {
    if (error !== undefined) {
      expect(() => Pattern.parse(pattern)).toThrow(refusal(error));
      return;
    }
    const rendered = renderPath(path ?? []);
    const compiled = Pattern.parse(pattern);
    expect(compiled.matches(rendered)).toBe(match);

    const index = new PatternIndex<string>();
    index.add(compiled, pattern);
    const found: string[] = [];
    index.match(rendered, (value) => found.push(value));
    expect(found).toEqual(match === true ? [pattern] : []);
  });
});

describe('flattening', () => {
  it.each(titled(flattenVectors as readonly FlattenVector[]))(
    '%s',
    (_, { path, value, leaves, reads_back_as: readsBackAs, error }) => {
      if (error !== undefined) {
        expect(() => flatten(path, value)).toThrow(refusal(error));
        return;
      }
      const made = flatten(path, value);
      expect(Object.fromEntries(made.map((leaf) => [leaf.path, leaf.value]))).toEqual(leaves);
      const expected = made.length === 0 ? undefined : (readsBackAs ?? value);
      expect(assemble(path, made)).toEqual(expected);
      expect(assemble(path, made.toReversed())).toEqual(expected);
    },
  );
});

describe('store order', () => {
  it.each(titled(orderVectors))('%s', (_, ordered) => {
    expect(ordered.toReversed().sort(comparePaths)).toEqual(ordered);
    expect(ordered.toReversed().sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(
      ordered,
    );
  });
});
