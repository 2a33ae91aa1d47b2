import type { ValidationError, ValidatorOptions } from 'class-validator';
import { expect, test } from 'tstyche';
import * as v from 'valibot';
import { z } from 'zod';
import type {
  ClassValidatorOptions,
  DataSourceOptions,
  EntityOptions,
  EntityValidationError,
  FieldOptions,
  PropertyError,
  StandardSchema,
} from '../../src/index.js';
import { defineEntity, field, slug } from '../../src/index.js';

test('errors are taken for those of class-validator, and the other way round', () => {
  expect<ValidationError>().type.toBeAssignableFrom<PropertyError>();
  expect<PropertyError>().type.toBeAssignableFrom<ValidationError>();
  expect<ValidationError[]>().type.toBeAssignableFrom<EntityValidationError['errors']>();
});

test('options are those of class-validator', () => {
  expect<ClassValidatorOptions>().type.toBe<ValidatorOptions>();
  expect<DataSourceOptions['validation']>().type.toBeAssignableFrom<ValidatorOptions | false>();
});

test('schemas of libraries are schemas', () => {
  const mail = v.pipe(v.string(), v.email());
  expect<StandardSchema>().type.toBeAssignableFrom(z.string());
  expect<StandardSchema>().type.toBeAssignableFrom(z.object({ at: z.coerce.date() }).transform(String));
  expect<StandardSchema>().type.toBeAssignableFrom(mail);
  expect<StandardSchema>().type.not.toBeAssignableFrom({ type: 'string' });
  expect<FieldOptions>().type.toBeAssignableFrom({ schema: z.url() });
  expect<EntityOptions>().type.toBeAssignableFrom({ prefix: 'a', schema: z.object({}) });
});

test('a schema says nothing of the type of a property', () => {
  const Link = defineEntity('links', {
    slug: slug(),
    title: field('string', { required: true, schema: z.literal('x') }),
    url: field('string', { schema: z.url().optional() }),
  });
  expect(new Link()).type.toBe<{
    slug: string;
    title: string;
    url?: string | null | undefined;
  }>();
});
