import type { OptionKind } from '../options/index.js';
import type { DataSourceOptions } from './data-source-options.js';
import { invalidOption } from './errors.js';

/**
 * Checks one option of a data source; one left out fits.
 *
 * @throws DustError `invalid_options` naming the option and what it must be
 */
export function checkKind(option: keyof DataSourceOptions, value: unknown, kind: OptionKind): void {
  if (value !== undefined && !kind.fits(value)) throw invalidOption(option, kind.expected, value);
}
