export {
  CONNECTION_CHANNEL,
  OPERATION_CHANNEL,
  publishConnection,
  publishRepair,
  publishResend,
  publishRetry,
  REPAIR_CHANNEL,
  RESEND_CHANNEL,
  RETRY_CHANNEL,
} from './channels.js';
export type {
  DustConnectionMessage,
  DustOperation,
  DustOperationMessage,
  DustOperationRead,
  DustOperationResult,
  DustRepairMessage,
  DustResendMessage,
  DustRetryMessage,
} from './messages.js';
export { OperationObserver } from './operation-observer.js';
export type { OperationObserverOptions, OperationSubject } from './operation-observer.js';
