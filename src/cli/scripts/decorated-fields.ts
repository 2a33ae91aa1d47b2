/** What this plugin reads and changes of a class member in Babel's syntax tree. */
interface Member {
  readonly type: string;
  readonly static?: boolean;
  readonly computed?: boolean;
  readonly key: { readonly name?: string; readonly value?: unknown };
  decorators?: readonly { readonly expression: unknown }[] | null;
  definite?: boolean | null;
}

interface ClassPath {
  readonly node: { decorators?: unknown[] | null; readonly body: { readonly body: readonly Member[] } };
}

interface ProgramPath {
  traverse(visitor: { Class(path: ClassPath): void }): void;
}

/** The part of Babel that this plugin is given. */
interface Babel {
  readonly types: {
    arrayExpression(elements: readonly unknown[]): unknown;
    decorator(expression: unknown): unknown;
    stringLiteral(value: string): unknown;
  };
  readonly template: {
    expression(source: string): (parts: Readonly<Record<string, unknown>>) => unknown;
  };
}

/** What TypeScript's legacy decorators of a field come to: called from the last to the first, on the prototype. */
const APPLY =
  '(type) => { DECORATORS.reduceRight((done, decorate) => (decorate(OWNER, NAME), done), type); }';

/**
 * A Babel plugin for jiti, which reads legacy decorators and their type metadata, but neither `slug!: string` under a
 * decorator nor a decorated field without a further plugin. The decorators of each field become one of its class, with
 * the same effect in the same order.
 */
export function decoratedFields({ types, template }: Babel): object {
  const onPrototype = template.expression(APPLY.replace('OWNER', 'type.prototype'));
  const onClass = template.expression(APPLY.replace('OWNER', 'type'));
  const asClassDecorator = (member: Member): unknown => {
    const { key, computed, decorators } = member;
    const apply = member.static === true ? onClass : onPrototype;
    return types.decorator(
      apply({
        DECORATORS: types.arrayExpression((decorators ?? []).map(({ expression }) => expression)),
        NAME: computed === true ? key : types.stringLiteral(key.name ?? String(key.value)),
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
  return {
    visitor: {
      Program: (program: ProgramPath) => {
        program.traverse({ Class: rewrite });
      },
    },
  };
}
