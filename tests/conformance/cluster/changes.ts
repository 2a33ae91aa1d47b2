import { withFrame } from '../../../src/cluster/apply/sessions.js';
import type { LoggedRequest, StoreCopy } from '../../../src/store/index.js';
import { withParts } from '../../unit/cluster/model/with-parts.js';
import type { Change } from './replay.js';

/** A copy that is given something else of each frame. */
const given =
  (change: (request: LoggedRequest) => LoggedRequest): NonNullable<Change['copy']> =>
  (copy) =>
    withParts(copy, {
      apply: (frame) => copy.apply({ ...frame, requests: frame.requests.map(change) }),
    });

/** What must not be changed without a new level: a node with one of these comes to another state by a log that is recorded. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'dates what it applies a moment later': {
    copy: (copy) => withParts(copy, { apply: (frame) => copy.apply({ ...frame, time: frame.time + 1 }) }),
  },
  'lets the time of the log go back': {
    copy: (copy) =>
      new Proxy(copy, {
        get: (target, name) => {
          if (name === 'logged') return target.logged && { ...target.logged, time: 0 };
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      }) satisfies StoreCopy,
  },
  'remembers sessions by another time': {
    parts: { withFrame: (frame, time, marks) => withFrame(frame, time + 1, marks) },
  },
  'remembers no sessions': {
    parts: { withFrame: (...args) => ({ ...withFrame(...args), sessions: [] }) },
  },
  'knows who wrote by another name': {
    copy: given((request) =>
      request.kind === 'commit' ? { ...request, by: { ...request.by, deviceId: 'another' } } : request,
    ),
  },
  'writes under other ids': {
    copy: given((request) =>
      request.kind === 'commit'
        ? { ...request, by: { ...request.by, clientOpId: `${request.by.clientOpId}.` } }
        : request,
    ),
  },
  'writes values of another type': {
    copy: given((request) =>
      request.kind === 'commit'
        ? {
            ...request,
            commands: request.commands.map((command) =>
              command.op === 'set' && typeof command.value === 'string'
                ? { ...command, leafTypes: new Map([[command.path, 'decimal']]) }
                : command,
            ),
          }
        : request,
    ),
  },
  'keeps one operation more': {
    copy: given((request) =>
      request.kind === 'compact' ? { ...request, keep: (request.keep ?? 0) + 1 } : request,
    ),
  },
};
