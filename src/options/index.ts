export { nearestName } from './nearest.js';
export type { OptionNames } from './option-names.js';
export { checkOptionNames, unknownOption, unknownOptionText } from './option-names.js';
