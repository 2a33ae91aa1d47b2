import type ts from 'typescript';
import { saidOfErrors } from './doc-comments.js';
import type { PublicCallable } from './public-callables.js';
import { publicCallables } from './public-callables.js';
import { placeOf, WaysToFail } from './ways-to-fail.js';

/** The outcome of a check of a program's documentation. */
export interface ErrorsReport {
  /** How many callables there are. */
  readonly callables: number;
  /** One message for each that can fail and does not say how. */
  readonly findings: readonly string[];
}

/**
 * Finds the public callables that can fail and do not say how.
 *
 * A callable can fail when it returns a promise, an async iterable or an Observable, or when its body reaches a `throw`: its
 * own, or that of a function of ours that it calls, known without running it. It says how by `@throws`, or that it does
 * not by "Never throws", "Never rejects" or "Never errors".
 */
export function findUndocumentedErrors(
  program: ts.Program,
  entryPoints: readonly string[],
  sources: string,
): ErrorsReport {
  const checker = program.getTypeChecker();
  const isOurs = (file: ts.SourceFile): boolean => file.fileName.startsWith(sources);
  const ways = new WaysToFail(checker, isOurs);
  const callables = new Map<ts.Node, PublicCallable>();
  for (const callable of entryPoints.flatMap((entry) => publicCallables(program, entry, isOurs))) {
    if (!callables.has(callable.declaration)) callables.set(callable.declaration, callable);
  }
  const findings = [...callables.values()].flatMap(({ name, declaration }) => {
    if (saidOfErrors(declaration, checker) !== 'nothing') return [];
    const way = ways.of(declaration);
    return way === undefined ? [] : [`${placeOf(declaration)} ${name} ${way}`];
  });
  return { callables: callables.size, findings };
}
