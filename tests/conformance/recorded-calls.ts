import type { HttpTransport, ListQuery, BatchOperation } from '../../src/index.js';
import { toJson } from '../../src/protocol/values/json.js';
import { pathFault } from '../../src/protocol/paths/path.js';
import { Pattern } from '../../src/protocol/paths/pattern.js';
import { isMap } from '../../src/protocol/values/value.js';
import type { JsonValue } from '../../src/protocol/values/value.js';
import type { RecordedRequest, RecordedResponse } from './recording.js';

/** Why the transport never makes a request that was recorded. */
export type Bypass =
  | 'it is no request about entries'
  | 'its body is not what JSON.stringify writes'
  | 'the transport refuses it before sending'
  | 'the transport writes it with the path in the URL'
  | 'the transport writes it with the path in the body'
  | 'the transport asks for leaves or keys only, and by pattern or range'
  | 'the transport reads exact leaves by their paths';

/** The method of the transport that makes a recorded request, and what it makes of a 2xx answer. */
export interface RecordedCall {
  readonly run: (transport: HttpTransport) => Promise<unknown>;
  readonly outcome: (answer: RecordedResponse) => unknown;
}

interface Parts {
  readonly method: string;
  readonly tail: string | undefined;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: any;
}

const ENTRIES = /^\/api\/stores\/(?:\$STORE|[^/]+\/[^/]+)\/entries(?:\/([^?]+))?(?:\?(.*))?$/;

const refused: Bypass = 'the transport refuses it before sending';

export function recordedCall(request: RecordedRequest): RecordedCall | Bypass {
  const match = ENTRIES.exec(request.path);
  if (match === null) return 'it is no request about entries';
  if (request.raw !== undefined) return 'its body is not what JSON.stringify writes';
  const [, tail, query] = match;
  const { method, headers = {}, body } = request;
  const parts: Parts = { method, tail, query: new URLSearchParams(query), headers, body };
  return (
    (tail === undefined ? callByBody(parts) : callByUrl(parts, tail)) ?? 'it is no request about entries'
  );
}

function callByUrl(parts: Parts, tail: string): RecordedCall | Bypass | undefined {
  const path = decodeURIComponent(tail);
  switch (`${parts.method} ${tail === 'batch' || tail === 'batch_write' ? tail : 'path'}`) {
    case 'GET path':
      return { run: (transport) => transport.get(path), outcome: (answer) => answer.body };
    case 'HEAD path':
      return { run: (transport) => transport.exists(path), outcome: () => true };
    case 'PUT path':
      if (isMap(parts.body) && (Object.keys(parts.body).length === 0 || '_json' in parts.body)) {
        return 'the transport writes it with the path in the body';
      }
      return write({ op: 'set', path, value: parts.body, if_match: parts.headers['if-match'] });
    case 'DELETE path':
      return write({ op: 'delete', path, if_match: parts.headers['if-match'] });
    case 'POST batch':
      return { run: (transport) => transport.getMany(parts.body.paths), outcome: leavesByPath };
    case 'POST batch_write':
      return batch(parts.body.ops);
    default:
      return undefined;
  }
}

function callByBody(parts: Parts): RecordedCall | Bypass | undefined {
  const { method, body } = parts;
  if (method === 'GET') return listing(parts.query);
  const call = write({ op: method === 'POST' ? 'set' : 'delete', ...body });
  const isForBody =
    String(body.path).includes('..') || (isMap(body.value) && Object.keys(body.value).length === 0);
  return isForBody || typeof call === 'string' ? call : 'the transport writes it with the path in the URL';
}

interface RecordedOperation {
  readonly op?: string;
  readonly path?: string;
  readonly value?: JsonValue;
  readonly if_match?: unknown;
  readonly if_absent?: boolean | undefined;
}

function write(recorded: RecordedOperation): RecordedCall | Bypass {
  const operation = operationOf(recorded);
  if (operation?.op !== 'set' && operation?.op !== 'delete') return refused;
  const { path, ifMatch } = operation;
  return {
    run: (transport) =>
      operation.op === 'delete'
        ? transport.delete(path, { ifMatch })
        : transport.set(path, operation.value, { ifMatch, ifAbsent: operation.ifAbsent }),
    outcome: (answer) => receipt(answer.body),
  };
}

function batch(recorded: unknown): RecordedCall | Bypass {
  if (!Array.isArray(recorded) || recorded.length === 0 || recorded.length > 1000) return refused;
  const operations = recorded.map(operationOf).filter((operation) => operation !== undefined);
  const isRefused = operations.some((operation) => 'ifAbsent' in operation && operation.ifAbsent === true);
  if (isRefused || operations.length < recorded.length) return refused;
  return {
    run: (transport) => transport.batchWrite(operations),
    outcome: ({ body }) => ({ ...receipt(body), operations: (body as any).ops.map(receipt) }),
  };
}

/** The operation as the transport takes it; undefined where the transport refuses it. */
function operationOf({
  op,
  path,
  value,
  if_match,
  if_absent,
}: RecordedOperation): BatchOperation | undefined {
  if (path === undefined || pathFault(path) !== undefined) return undefined;
  const ifMatch = if_match === undefined ? undefined : Number(if_match);
  if (ifMatch !== undefined && !(Number.isSafeInteger(ifMatch) && ifMatch > 0)) return undefined;
  if (op === 'delete') return { op, path, ...(ifMatch === undefined ? {} : { ifMatch }) };
  if (op !== 'set' || value === undefined || 'fault' in toJson(value)) return undefined;
  const isGuarded = ifMatch !== undefined || if_absent === true;
  if (isGuarded && (isMap(value) || (ifMatch !== undefined && if_absent === true))) return undefined;
  return { op, path, value, ifMatch, ifAbsent: if_absent };
}

function listing(query: URLSearchParams): RecordedCall | Bypass {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const [pattern, from, to] = [text('pattern'), text('from'), text('to')];
  const select = text('select') ?? 'entries';
  const isRange = from !== undefined && to !== undefined;
  if ((pattern !== undefined) === isRange || !['entries', 'keys'].includes(select)) {
    return 'the transport asks for leaves or keys only, and by pattern or range';
  }
  const limit = text('limit');
  const order = text('order') ?? 'asc';
  if (limit !== undefined && !(Number(limit) >= 1 && Number(limit) <= 1000)) return refused;
  if (order !== 'asc' && order !== 'desc') return refused;
  const options = {
    limit: limit === undefined ? undefined : Number(limit),
    order,
    after: text('after'),
  } as const;
  let asked: ListQuery;
  if (pattern === undefined) {
    asked = { ...options, from: from!, to: to! };
  } else {
    try {
      if (Pattern.parse(pattern).isLiteral) return 'the transport reads exact leaves by their paths';
    } catch {
      return refused;
    }
    asked = { ...options, pattern };
  }
  return {
    run: (transport) => (select === 'keys' ? transport.listKeys(asked) : transport.list(asked)),
    outcome: ({ body }) => ({ items: (body as any).items, nextCursor: (body as any).next_cursor }),
  };
}

const receipt = (body: any): object => ({ storeSeq: body.store_seq });

const leavesByPath = ({ body }: RecordedResponse): unknown =>
  new Map(Object.entries<object>((body as any).entries).map(([path, leaf]) => [path, { path, ...leaf }]));
