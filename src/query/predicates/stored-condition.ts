import { isDustError } from '../../errors.js';
import type { FindOperator } from '../operators/find-operator.js';
import { createOperator, isFindOperator } from '../operators/find-operator.js';
import { invalidOperand, missingValue } from '../values/errors.js';
import type { Property } from '../values/property.js';
import { transformedToNull, transformerRefused } from '../values/transformer-errors.js';
import { isNull } from '../values/values.js';

type Convert = (operator: string, value: unknown) => unknown;

/**
 * A condition on a property as one on what is stored of it: each value in it has gone through the property's transformers, once.
 * Patterns too, as in TypeORM.
 *
 * @throws DustError `invalid_criteria` for a value that a transformer does not take, or makes nothing of
 */
export function storedCondition(property: Property, condition: unknown): unknown {
  if (property.field === undefined || property.field.transformers.length === 0) return condition;
  const convert: Convert = (operator, value) => convertValue(property, operator, value);
  return isFindOperator(condition) ? convertOperator(condition, convert) : convert('where', condition);
}

function convertOperator({ operator, operands }: FindOperator<unknown>, convert: Convert): unknown {
  const value = (operand: unknown): unknown => convert(operator, operand);
  const condition = (operand: unknown): unknown =>
    isFindOperator(operand) ? convertOperator(operand, convert) : value(operand);
  switch (operator) {
    case 'Not':
    case 'And':
    case 'Or':
      return createOperator(operator, operands.map(condition));
    case 'In':
    case 'Any':
      return createOperator(
        operator,
        operands.map((list) => (Array.isArray(list) ? list.map(value) : list)),
      );
    // A part of a value is none that a transformer takes.
    case 'JsonContains':
      return createOperator(operator, operands);
    default:
      return createOperator(operator, operands.map(value));
  }
}

function convertValue(property: Property, operator: string, value: unknown): unknown {
  if (isNull(value)) throw missingValue(property, value);
  if (isFindOperator(value)) throw invalidOperand(property, operator, 'a value', value);
  const stored = convertOrRefuse(property, operator, value);
  if (isNull(stored)) throw transformedToNull(property, operator, value);
  return stored;
}

function convertOrRefuse(property: Property, operator: string, value: unknown): unknown {
  try {
    return property.comparable(value);
  } catch (error) {
    throw transformerRefused(property, operator, value, isDustError(error) ? error.cause : error);
  }
}
