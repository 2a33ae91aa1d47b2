export { nearestName } from './nearest.js';
export type { OptionNames } from './option-names.js';
export { checkOptionNames, mayHoldOptions, unknownOption, unknownOptionText } from './option-names.js';
export type { OptionKind } from './option-values.js';
export {
  COUNT,
  DELAY,
  DEVICE_ID,
  FLAG,
  FUNCTION,
  FOLDER,
  LIST,
  OBJECT,
  PORT,
  SIGNAL,
  TEXT,
  TEXTS,
  TIME_LIMIT,
  checkOptionValues,
  oneOf,
  orFalse,
  required,
  withMethods,
} from './option-values.js';
