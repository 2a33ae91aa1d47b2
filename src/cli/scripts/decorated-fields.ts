/** What this plugin reads and changes of a class member in Babel's syntax tree. */
interface Member {
  readonly type: string;
  /** Of a method: `method`, `get` or `set`. */
  readonly kind?: string;
  readonly static?: boolean;
  readonly computed?: boolean;
  readonly key: { readonly name?: string; readonly value?: unknown };
  decorators?: readonly { readonly expression: unknown }[] | null;
  definite?: boolean | null;
}

interface Decorated {
  decorators?: { readonly expression: unknown }[] | null;
  readonly body: { readonly body: readonly Member[] };
}

interface ClassPath {
  readonly node: Decorated;
}

interface ProgramPath {
  readonly node: {
    readonly body: readonly { readonly type: string; readonly source?: { readonly value: unknown } | null }[];
  };
  traverse(visitor: { Class(path: ClassPath): void }): void;
}

/** The part of Babel that this plugin is given. */
interface Babel {
  readonly types: {
    arrayExpression(elements: readonly unknown[]): unknown;
    booleanLiteral(value: boolean): unknown;
    decorator(expression: unknown): { readonly expression: unknown };
    stringLiteral(value: string): unknown;
  };
  readonly template: {
    expression(source: string): (parts: Readonly<Record<string, unknown>>) => unknown;
  };
}

/** What TypeScript's legacy decorators of a field come to: called from the last to the first, on the prototype. */
const APPLY =
  '(type) => { DECORATORS.reduceRight((done, decorate) => (decorate(OWNER, NAME), done), type); }';

/** A file that imports these means the decorators of the language. */
const STANDARD = 'dust-orm/es';

/**
 * What standard decorators come to that take notes of their class and change nothing, as all of {@link STANDARD} do: the members' ones are called
 * before the class's, with the metadata that they share.
 */
const APPLY_STANDARD = `(type) => {
  const metadata = Object.create(Object.getPrototypeOf(type)?.[Symbol.metadata] ?? null);
  const context = (kind, name, isStatic) => ({
    kind, name, static: isStatic, private: false, metadata, addInitializer() {}, access: {},
  });
  MEMBERS.forEach(([kind, name, isStatic, decorators]) => {
    decorators.reduceRight((done, decorate) => (decorate(undefined, context(kind, name, isStatic)), done), type);
  });
  Object.defineProperty(type, Symbol.metadata, { configurable: true, writable: true, value: metadata });
  CLASS.reduceRight((done, decorate) => (decorate(type, context('class', type.name, false)), done), type);
}`;

/** The decorators that stand in the source: jiti adds `Reflect.metadata?.(…) || (…)` for the types. */
function written(decorators: readonly { readonly expression: unknown }[]): readonly unknown[] {
  return decorators
    .map(({ expression }) => expression)
    .filter((expression) => (expression as { readonly type?: string }).type !== 'LogicalExpression');
}

/**
 * A Babel plugin for jiti, which reads legacy decorators and their type metadata, but neither `slug!: string` under a
 * decorator nor a decorated field without a further plugin. The decorators of each field become one of its class, with
 * the same effect in the same order. In a file that imports `dust-orm/es` all decorators of a class become one, which applies them as the language does.
 */
export function decoratedFields({ types, template }: Babel): object {
  const onPrototype = template.expression(APPLY.replace('OWNER', 'type.prototype'));
  const onClass = template.expression(APPLY.replace('OWNER', 'type'));
  const nameOf = ({ key, computed }: Member): unknown =>
    computed === true ? key : types.stringLiteral(key.name ?? String(key.value));
  const asClassDecorator = (member: Member): { readonly expression: unknown } => {
    const { decorators } = member;
    const apply = member.static === true ? onClass : onPrototype;
    return types.decorator(
      apply({
        DECORATORS: types.arrayExpression((decorators ?? []).map(({ expression }) => expression)),
        NAME: nameOf(member),
      }),
    );
  };
  const rewrite = ({ node }: ClassPath): void => {
    const fields = node.body.body.filter(({ type }) => type === 'ClassProperty');
    const decorated = fields.filter(({ decorators }) => (decorators?.length ?? 0) > 0);
    if (decorated.length > 0) {
      // Decorators of a class are called from the last to the first.
      node.decorators = [...(node.decorators ?? []), ...decorated.map(asClassDecorator).reverse()];
    }
    for (const field of fields) {
      field.decorators = null;
      field.definite = null;
    }
  };
  const applyStandard = template.expression(APPLY_STANDARD);
  const rewriteStandard = ({ node }: ClassPath): void => {
    const members = node.body.body.filter(({ decorators }) => (decorators?.length ?? 0) > 0);
    const ofClass = node.decorators ?? [];
    if (members.length + ofClass.length > 0) {
      const parts = {
        MEMBERS: types.arrayExpression(
          members.map((member) =>
            types.arrayExpression([
              types.stringLiteral(member.kind ?? 'field'),
              nameOf(member),
              types.booleanLiteral(member.static === true),
              types.arrayExpression(written(member.decorators ?? [])),
            ]),
          ),
        ),
        CLASS: types.arrayExpression(written(ofClass)),
      };
      node.decorators = [types.decorator(applyStandard(parts))];
    }
    for (const member of node.body.body) {
      member.decorators = null;
      if (member.type === 'ClassProperty') member.definite = null;
    }
  };
  return {
    visitor: {
      Program: (program: ProgramPath) => {
        const isStandard = program.node.body.some(({ source }) => source?.value === STANDARD);
        program.traverse({ Class: isStandard ? rewriteStandard : rewrite });
      },
    },
  };
}
