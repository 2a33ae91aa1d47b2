import type {
  ChildrenPage,
  DeleteRequest,
  Failure,
  HistoryPage,
  RecordInfo,
  RecordsPage,
  RecordsQuery,
  RestoreRequest,
  SaveRequest,
  StatusInfo,
  StoreInfo,
  WriteAnswer,
} from '../../api/messages.js';

/** A request that was not met: by the studio's process, or because it could not be reached (status 0). */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    /** Of HTTP; 0 when no answer came. */
    readonly status: number,
    /** As the process names it; `unreachable` when no answer came. */
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** What to say of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the process is there, but does not know this browser (any more). */
export function isRefused(error: unknown): boolean {
  return error instanceof RequestError && (error.status === 401 || error.status === 403);
}

/** Every request of the page. All but the calls that were aborted fail with a {@link RequestError}. */
export const api = {
  store: (signal?: AbortSignal) => get<StoreInfo>('api/store', {}, signal),
  children: (query: { path: string; after?: string | undefined; limit: number }, signal?: AbortSignal) =>
    get<ChildrenPage>('api/children', query, signal),
  records: (query: RecordsQuery, signal?: AbortSignal) => post<RecordsPage>('api/records', query, signal),
  record: (path: string, signal?: AbortSignal) => get<RecordInfo>('api/record', { path }, signal),
  history: (query: { path: string; before?: number | undefined; limit: number }, signal?: AbortSignal) =>
    get<HistoryPage>('api/history', query, signal),
  save: (request: SaveRequest) => post<WriteAnswer>('api/save', request),
  delete: (request: DeleteRequest) => post<WriteAnswer>('api/delete', request),
  restore: (request: RestoreRequest) => post<WriteAnswer>('api/restore', request),
  status: (signal?: AbortSignal) => get<StatusInfo>('api/status', {}, signal),
};

/** Where a file's bytes are: to be shown, or to be saved. */
export function fileAddress(path: string, purpose: 'preview' | 'download'): string {
  const query = new URLSearchParams({ path, ...(purpose === 'preview' ? { preview: '1' } : {}) });
  return `api/file?${query.toString()}`;
}

function get<T>(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
  signal?: AbortSignal,
): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return request<T>(text === '' ? path : `${path}?${text}`, signal ? { signal } : {});
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function request<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RequestError(0, 'unreachable', 'The studio’s process does not answer.');
  }
  if (response.ok) return (await response.json()) as T;
  throw await failureOf(response);
}

async function failureOf(response: Response): Promise<RequestError> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as Failure;
    return new RequestError(response.status, error.kind, error.message);
  } catch {
    return new RequestError(response.status, 'unknown', `The studio’s process answered ${response.status}.`);
  }
}
