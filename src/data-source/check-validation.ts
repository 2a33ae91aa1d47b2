import type { ClassValidatorOptions } from '../mapping/index.js';
import type { OptionNames } from '../options/index.js';
import { OBJECT, checkOptionNames } from '../options/index.js';
import { invalidOption } from './errors.js';

const NAMES: OptionNames<ClassValidatorOptions> = {
  enableDebugMessages: true,
  skipUndefinedProperties: true,
  skipNullProperties: true,
  skipMissingProperties: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  groups: true,
  always: true,
  strictGroups: true,
  dismissDefaultMessages: true,
  validationError: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};

const ERROR_NAMES: OptionNames<NonNullable<ClassValidatorOptions['validationError']>> = {
  target: true,
  value: true,
};

/**
 * Checks the options that are passed on to class-validator, which passes over what it does not know.
 *
 * @throws DustError `invalid_options` saying what to write
 */
export function checkValidation(validation: unknown): void {
  if (validation === undefined || validation === false) return;
  if (!OBJECT.fits(validation)) {
    throw invalidOption('validation', 'false or an object of class-validator options', validation);
  }
  checkOptionNames('validation', validation, NAMES);
  const error: unknown = Reflect.get(validation, 'validationError');
  if (error !== undefined) checkOptionNames('validation.validationError', error, ERROR_NAMES);
}
