import { renderPath } from '../../../protocol/paths/path.js';
import type { Fence } from '../../../protocol/requests/operation.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../../../protocol/values/value.js';
import { isObject } from '../../../protocol/values/value.js';
import type { Preconditions } from '../../../protocol/requests/request-checks.js';
import type { WriteContext } from '../../../store/index.js';
import type { Imitation } from '../../imitation/imitation.js';
import { invalidField } from './errors.js';
import type { Membership } from './membership.js';

/** The path of a message; `path_segments` wins (PROTOCOL §4). @throws DustError `invalid_params` */
export function pathOf({ path, path_segments: segments }: JsonObject): Path {
  if (isStrings(segments)) return renderPath(segments);
  if (segments !== undefined && segments !== null) throw invalidField('invalid_path_segments');
  if (typeof path === 'string') return path;
  throw invalidField('missing_path');
}

/** Who writes, under which id and fence. @throws DustError `invalid_params` */
export function contextOf(
  { deviceId, parts: { imitation } }: Membership,
  clientOpId: string,
  fields: JsonObject,
): WriteContext {
  return {
    deviceId,
    clientOpId,
    fence: fenceOf(fields, imitation),
    deduplicate: !imitation.has('repeated-writes'),
  };
}

/** What must hold for a write to apply. @throws DustError `invalid_params` */
export function preconditionsOf({ if_match: ifMatch, if_absent: ifAbsent }: JsonObject): Preconditions {
  if (ifMatch !== undefined && ifMatch !== null && typeof ifMatch !== 'number') {
    throw invalidField('invalid_if_match');
  }
  if (ifAbsent !== undefined && ifAbsent !== null && typeof ifAbsent !== 'boolean') {
    throw invalidField('invalid_if_absent');
  }
  return { ifMatch: ifMatch ?? undefined, ifAbsent: ifAbsent ?? undefined };
}

/** @throws DustError `invalid_params` for a precondition on an operation that has none */
export function assertUnconditional(fields: JsonObject): void {
  const { ifMatch, ifAbsent } = preconditionsOf(fields);
  if (ifMatch !== undefined) throw invalidField('if_match_unsupported_op');
  if (ifAbsent === true) throw invalidField('if_absent_unsupported_op');
}

/** A lease's time to live in milliseconds; the store knows the default. @throws DustError `invalid_params` */
export function ttlOf({ ttl_ms: ttl }: JsonObject): number | undefined {
  if (ttl === undefined || ttl === null) return undefined;
  if (typeof ttl === 'number') return ttl;
  throw invalidField('invalid_ttl');
}

/** Who is named as the holder of a lease. @throws DustError `invalid_params` */
export function holderOf({ holder = null }: JsonObject): string | null {
  if (holder === null || typeof holder === 'string') return holder;
  throw invalidField('invalid_holder');
}

/** A lease's token; 0, which no lease has, for what is none: a lease is not held by it. */
export function tokenOf({ token }: JsonObject): number {
  return typeof token === 'number' ? token : 0;
}

function fenceOf({ fence }: JsonObject, imitation: Imitation): Fence | undefined {
  if (fence === undefined || fence === null) return undefined;
  const { key, token } = isObject(fence) ? fence : {};
  if (typeof key === 'string' && Number.isSafeInteger(token) && typeof token === 'number') {
    return { key, token };
  }
  if (imitation.has('dropped-fences')) return undefined;
  throw invalidField('invalid_fence');
}

function isStrings(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
