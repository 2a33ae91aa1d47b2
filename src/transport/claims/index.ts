export { ClaimingTransport } from './claiming-transport.js';
export type { ClaimSurvey } from './claim-survey.js';
export { surveyClaims } from './claim-survey.js';
export { mendClaims } from './mend-claims.js';
