import { types } from 'node:util';
import type * as ClassTransformerModule from 'class-transformer';
import type * as ClassValidatorModule from 'class-validator';
import { DustError } from '../../errors.js';

// Each import() stands in a `try` of its own: there bundlers let a package be that is not installed.

/** Loads class-validator. @throws DustError `invalid_options` with detail `package_missing`, saying `why` it is needed */
export async function importClassValidator(why: string): Promise<typeof ClassValidatorModule> {
  try {
    return await import('class-validator');
  } catch (error) {
    throw packageMissing('class-validator', why, error);
  }
}

/** Loads class-transformer. @throws DustError `invalid_options` with detail `package_missing`, saying `why` it is needed */
export async function importClassTransformer(why: string): Promise<typeof ClassTransformerModule> {
  try {
    return await import('class-transformer');
  } catch (error) {
    throw packageMissing('class-transformer', why, error);
  }
}

function packageMissing(name: string, why: string, cause: unknown): DustError {
  const reason = types.isNativeError(cause) ? cause.message.split('\n', 1)[0] : String(cause);
  return new DustError(
    'invalid_options',
    `${why}, and the package ${name} cannot be loaded (${reason}). Install it beside dust-orm: npm install ${name}; a bundle that leaves packages out needs it where it runs.`,
    { detail: 'package_missing', cause },
  );
}
