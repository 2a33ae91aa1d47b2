import type { DustErrorKind } from '../errors.js';
import { DustError, isDustError, messageOf } from '../errors.js';

/** A failure as the owner of a folder tells it to those who share it. */
export interface TellsFailure {
  readonly failed?: {
    readonly kind: DustErrorKind;
    readonly detail?: string | undefined;
    readonly path?: string | undefined;
    readonly message: string;
  };
}

/** What is told of an error. One that is none of ours gets `otherwise` for its kind. */
export function failureOf(error: unknown, otherwise: Pick<DustError, 'kind' | 'detail'>): TellsFailure {
  const { kind, detail, path } = isDustError(error) ? error : { ...otherwise, path: undefined };
  return { failed: { kind, detail, path, message: messageOf(error) } };
}

/** @throws DustError what the owner told, with the status of its answer where there is one */
export function assertDone({ failed }: TellsFailure, status?: number): void {
  if (failed === undefined) return;
  const { kind, message, detail, path } = failed;
  throw new DustError(kind, message, { detail, path, status });
}
