export { HTTP_OPTIONS, checkHttpOption, checkHttpOptions } from './check-options.js';
export { createHttpClient } from './create-http-client.js';
export { DEFAULT_URL } from './client/server-url.js';
export type { AnswerHead, HttpClient, HttpRequest, HttpResponse } from './client/http-client.js';
export { WaitingRoom } from './retry/waiting-room.js';
export { HttpTransport } from './http-transport.js';
export type { ImportReceipt } from './http-transport.js';
export type { HttpTransportOptions, RequestLimits, RetryOptions, TimeoutOptions } from './options.js';
