import type { EntityClass, ReferenceOptions, ReferenceTarget } from '../metadata/index.js';
import { declareReference } from '../metadata/index.js';
import { refuseUncalled } from './decorators.js';
import type { MemberDecorator, StandardDecorator } from './standard-context.js';
import { registering } from './standard-context.js';

/**
 * Stores the slug of another record, or a list of slugs, and has `populate` fill in what they name: `Ref` of `dust-orm` as a standard
 * decorator.
 *
 * @throws DustError `invalid_metadata` under `experimentalDecorators`, and without parentheses
 */
export function Ref(
  target: () => EntityClass,
  options?: ReferenceOptions & { readonly array?: false },
): MemberDecorator<string>;
export function Ref(
  target: () => EntityClass,
  options: ReferenceOptions & { readonly array: true },
): MemberDecorator<readonly string[]>;
export function Ref(
  target: () => readonly EntityClass[],
  options?: ReferenceOptions,
): MemberDecorator<readonly string[]>;
export function Ref(target: ReferenceTarget, options: ReferenceOptions = {}): StandardDecorator {
  refuseUncalled('Ref', options);
  return registering('Ref', (declarations, declaration) => {
    if (declaration !== undefined) declareReference(declarations, declaration, target, options);
  });
}
