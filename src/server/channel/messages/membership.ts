import type { FrameCodec } from '../../../protocol/wire/frame-codec.js';
import type { Store } from '../../../store/index.js';
import type { ServerParts } from '../../environment.js';
import type { Scope } from '../../options.js';
import { WINDOW } from '../../access/limits.js';
import type { RequestKind } from '../../access/rate-limiter.js';
import type { Access } from '../../access/tokens.js';
import type { Reply } from './replies.js';
import { refused } from './replies.js';

/** What every message of a joined channel is handled with. */
export interface Membership {
  readonly parts: ServerParts;
  readonly access: Access;
  /** Who writes. */
  readonly deviceId: string;
  readonly store: Store;
  /** Which serialisation is spoken. */
  readonly vsn: FrameCodec['vsn'];
}

/** Why the bearer of a token may not do what needs `scope`; undefined when he may. */
export function missingScope(access: Access, scope: Scope): Reply | undefined {
  if (access.scopes.has(scope)) return undefined;
  return refused('missing_scope', { scope, message: `The token lacks the scope ${scope}.` });
}

/** Why a message is not handled: scope first, then the limit that HTTP and channel share (PROTOCOL §3). */
export function refusalOf(
  { parts, access }: Pick<Membership, 'parts' | 'access'>,
  scope: Scope,
  kind: RequestKind,
): Reply | undefined {
  const missing = missingScope(access, scope);
  if (missing !== undefined) return missing;
  const allowance = parts.limiter.take(access, kind);
  if (allowance === undefined || allowance.allowed) return undefined;
  const wait = parts.imitation.has('whole-window-retry') ? WINDOW : allowance.retryAfter;
  return refused('rate_limited', { retry_after_ms: wait });
}
