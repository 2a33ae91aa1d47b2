import type ts from 'typescript';
import type { TypeFacts } from '../type-facts.js';
import type { Edit, Kind } from '../mutant.js';

/** Finds the changes of one kind at a node. */
export type FindEdits = (node: ts.Node, facts: TypeFacts) => readonly Edit[];

/** Puts a text in the place of a node. */
export function replace(kind: Kind, node: ts.Node, replacement: string): Edit {
  return { kind, start: node.getStart(), end: node.getEnd(), replacement };
}
