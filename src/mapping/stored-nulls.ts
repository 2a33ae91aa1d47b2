import type { FieldMetadata } from '../metadata/types.js';

/** Of instances, the fields that are null or absent in the store, and something else behind their transformers. */
const storedNulls = new WeakMap<object, Set<FieldMetadata>>();

/** Notes that nothing is stored for a field of an instance, whatever its transformers make of that. */
export function noteStoredNull(instance: object, field: FieldMetadata): void {
  const noted = storedNulls.get(instance);
  if (noted === undefined) storedNulls.set(instance, new Set([field]));
  else noted.add(field);
}

/** Forgets what {@link noteStoredNull} noted: something is stored now. */
export function forgetStoredNull(instance: object, field: FieldMetadata): void {
  storedNulls.get(instance)?.delete(field);
}

/** Whether nothing was stored for the field when the instance was loaded. */
export function isStoredNull(instance: object, field: FieldMetadata): boolean {
  return storedNulls.get(instance)?.has(field) === true;
}
