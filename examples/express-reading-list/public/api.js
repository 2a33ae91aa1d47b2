/** An answer other than 2xx, with what the server says about it. */
export class ApiError extends Error {
  constructor(status, { message, fields } = {}, retryAfter = null) {
    const what = Object.values(fields ?? {})
      .flat()
      .join('; ');
    super((what || message || `The server answered ${status}.`) + (retryAfter ? ` (${retryAfter} s)` : ''));
    this.status = status;
  }
}

async function call(method, path, { body, revision } = {}) {
  const headers = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (revision !== undefined) headers['if-match'] = `"${revision}"`;
  const request = { method, headers, body: body && JSON.stringify(body), cache: 'no-store' };
  const response = await fetch(path, request).catch(() => {
    throw new ApiError(0, { message: 'The server cannot be reached.' });
  });
  if (response.status === 204) return undefined;
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(response.status, answer, response.headers.get('retry-after'));
  return answer;
}

const pathOf = (slug) => `links/${encodeURIComponent(slug)}`;

export const listLinks = (query) => call('GET', `links?${new URLSearchParams(query)}`);
export const readLink = (slug) => call('GET', pathOf(slug));
export const addLink = (link) => call('POST', 'links', { body: link });
export const changeNote = (slug, note, revision) => call('PATCH', pathOf(slug), { body: { note }, revision });
export const removeLink = (slug) => call('DELETE', pathOf(slug));
export const countView = (slug) => call('POST', `${pathOf(slug)}/views`);
