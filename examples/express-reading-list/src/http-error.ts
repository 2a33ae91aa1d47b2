/** What is wrong with a request, property by property. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** An answer other than 2xx that a handler decides on. Its message goes out to the client. */
export class HttpError extends Error {
  readonly status: number;
  readonly kind: string;
  readonly fields: FieldErrors | undefined;
  /** Tells the error handler that all of this is for the client. */
  readonly expose = true;

  constructor(status: number, kind: string, message: string, fields?: FieldErrors) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.kind = kind;
    this.fields = fields;
  }
}
