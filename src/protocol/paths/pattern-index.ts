import type { Path } from './path.js';
import type { Pattern } from './pattern.js';

interface Node<T> {
  /** Values of patterns that end here. */
  readonly exact: Set<T>;
  /** Values of patterns that end here with `**`: they match everything below. */
  readonly below: Set<T>;
  readonly literals: Map<string, Node<T>>;
  one: Node<T> | undefined;
}

/**
 * A trie of patterns that finds the values of all patterns matching a path at a cost that depends on the path's
 * depth and the number of matches, not on the number of patterns.
 */
export class PatternIndex<T> {
  readonly #root: Node<T> = createNode();
  #size = 0;

  /** The number of values held. */
  get size(): number {
    return this.#size;
  }

  /** The number of trie nodes, 1 when nothing is held: what the index costs in memory. */
  get nodeCount(): number {
    return countNodes(this.#root);
  }

  /** Adds `value` under `pattern`; the same value twice under one pattern counts once. Returns a function that takes it out. */
  add(pattern: Pattern, value: T): () => void {
    const trail: [Node<T>, string | undefined][] = [];
    let node = this.#root;
    let set = node.exact;
    for (const segment of pattern.segments) {
      if (segment.kind === 'many') {
        set = node.below;
        break;
      }
      trail.push([node, segment.kind === 'literal' ? segment.segment : undefined]);
      node = segment.kind === 'literal' ? literalChild(node, segment.segment) : (node.one ??= createNode());
      set = node.exact;
    }
    if (!set.has(value)) {
      set.add(value);
      this.#size++;
    }
    return () => {
      if (!set.delete(value)) return;
      this.#size--;
      prune(trail);
    };
  }

  /** Calls `visit` for each value whose pattern matches `path`; for a value held under several patterns, once for each. */
  match(path: Path, visit: (value: T) => void): void {
    if (this.#size > 0) walk(this.#root, path, 0, visit);
  }
}

function createNode<T>(): Node<T> {
  return { exact: new Set(), below: new Set(), literals: new Map(), one: undefined };
}

function literalChild<T>(node: Node<T>, segment: string): Node<T> {
  let child = node.literals.get(segment);
  if (child === undefined) node.literals.set(segment, (child = createNode()));
  return child;
}

function walk<T>(node: Node<T>, path: Path, start: number, visit: (value: T) => void): void {
  if (start > path.length) {
    for (const value of node.exact) visit(value);
    return;
  }
  for (const value of node.below) visit(value);
  if (node.literals.size === 0 && node.one === undefined) return;
  const slash = path.indexOf('/', start);
  const end = slash === -1 ? path.length : slash;
  const child = node.literals.get(path.slice(start, end));
  if (child !== undefined) walk(child, path, end + 1, visit);
  if (node.one !== undefined) walk(node.one, path, end + 1, visit);
}

function countNodes<T>(node: Node<T>): number {
  let count = 1 + (node.one === undefined ? 0 : countNodes(node.one));
  for (const child of node.literals.values()) count += countNodes(child);
  return count;
}

function prune<T>(trail: readonly [Node<T>, string | undefined][]): void {
  for (const [parent, segment] of [...trail].reverse()) {
    const child = segment === undefined ? parent.one : parent.literals.get(segment);
    if (child === undefined || child.exact.size + child.below.size + child.literals.size > 0 || child.one) {
      return;
    }
    if (segment === undefined) parent.one = undefined;
    else parent.literals.delete(segment);
  }
}
