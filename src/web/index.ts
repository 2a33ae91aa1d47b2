export { tellsOfValues } from './field-messages.js';
export type { HttpAnswer } from './http-answer.js';
export { httpAnswer } from './http-answer.js';
export { HEALTH_TIMEOUT, isUsable, statusWithin } from './status-within.js';
