import ts from 'typescript';

/** What types tell of expressions, so that no mutant is made that could change nothing or would not compile. */
export interface TypeFacts {
  /** Whether the value, when it is there, can be 0, '', false or NaN. */
  canBeFalsy(node: ts.Expression): boolean;
  /** Whether nothing else than this one value compiles in its place, such as `true` in a table of names. */
  isOnlyValue(node: ts.Expression): boolean;
  isNumber(node: ts.Expression): boolean;
  isBoolean(node: ts.Expression): boolean;
  isString(node: ts.Expression): boolean;
  isArray(node: ts.Expression): boolean;
  /** The name of the type, such as `Map`; empty for one that has none. */
  nameOfType(node: ts.Expression): string;
}

const FALSY =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.Any |
  ts.TypeFlags.Unknown |
  ts.TypeFlags.TypeParameter;

/** Asks a type checker. */
export function typeFacts(checker: ts.TypeChecker): TypeFacts {
  const parts = (node: ts.Expression): readonly ts.Type[] => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
    return type.isUnion() ? type.types : [type];
  };
  const all =
    (flags: ts.TypeFlags) =>
    (node: ts.Expression): boolean =>
      parts(node).every((type) => (type.flags & flags) !== 0);
  return {
    canBeFalsy: (node) => parts(node).some((type) => (type.flags & FALSY) !== 0 && !isTruthyLiteral(type)),
    isOnlyValue: (node) => {
      const expected = checker.getContextualType(node);
      return expected !== undefined && (expected.flags & ts.TypeFlags.Literal) !== 0;
    },
    isNumber: all(ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike),
    isBoolean: all(ts.TypeFlags.BooleanLike),
    isString: all(ts.TypeFlags.StringLike),
    isArray: (node) => parts(node).every((type) => checker.isArrayType(type)),
    nameOfType: (node) => {
      const [type] = parts(node);
      return (type?.aliasSymbol ?? type?.getSymbol())?.name ?? '';
    },
  };
}

function isTruthyLiteral(type: ts.Type): boolean {
  return type.isLiteral() && Boolean(type.value);
}
