import type { EncodedField } from '../../metadata/types.js';
import { operationsFor, planWrite } from '../../mapping/index.js';
import type { EntityContext } from '../entity-context.js';
import type { PreparedWrite } from './prepared-write.js';
import { renewalOf } from './renewal.js';
import { recordPath } from './record-path.js';

/** For writes whose errors say everything. */
export const asIs = (error: unknown): Promise<unknown> => Promise.resolve(error);

/** For writes that no instance stands for. */
export const ignore = (): void => undefined;

/**
 * A write of these fields to a record, whatever is there.
 *
 * @throws DustError `nothing_to_write` when there are no fields
 */
export function prepareFields<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
  settle: (revision: number) => void,
): PreparedWrite {
  const { transport, metadata } = context;
  const renewal = renewalOf(context);
  return {
    transport,
    metadata,
    slug,
    path: recordPath(metadata, slug),
    steps: () => [planWrite(metadata, slug, fields, transport.capabilities)],
    operations: operationsFor(metadata, slug, fields, transport.capabilities),
    settle,
    ...(renewal && { renewal }),
    explain: asIs,
  };
}

/** A write of no field: what is to be done with an older record alone. */
export function prepareNothing<T extends object>(
  context: EntityContext<T>,
  slug: string,
  settle: (revision: number) => void,
): PreparedWrite {
  const renewal = renewalOf(context);
  return {
    ...target(context, slug),
    steps: () => [],
    operations: [],
    settle,
    ...(renewal && { renewal }),
    explain: asIs,
  };
}

/** A write that deletes a record with everything below it. */
export function prepareDelete<T extends object>(
  context: EntityContext<T>,
  slug: string,
  settle: (revision: number) => void = ignore,
): PreparedWrite {
  const at = target(context, slug);
  return {
    ...at,
    steps: () => [{ kind: 'delete', path: at.path }],
    operations: [{ op: 'delete', path: at.path }],
    settle,
    explain: asIs,
  };
}

/** What all writes of a record share. */
export function target<T extends object>(
  context: EntityContext<T>,
  slug: string,
): Pick<PreparedWrite, 'transport' | 'metadata' | 'slug' | 'path'> {
  const { transport, metadata } = context;
  return { transport, metadata, slug, path: recordPath(metadata, slug) };
}
