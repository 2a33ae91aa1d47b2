export type { HttpTransportOptions, RetryOptions, TimeoutOptions } from './options.js';
