/** What a property holds for each type that can be given by name; of an enum, one of its values. */
export interface ValueOfType {
  string: string;
  integer: number;
  float: number;
  boolean: boolean;
  date: Date;
  bigint: bigint;
  decimal: string;
  bytes: Uint8Array;
  json: unknown;
}
