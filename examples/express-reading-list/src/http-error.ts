/** What is wrong with a request, property by property. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** An answer other than 2xx that a handler decides on. Its message goes out to the client. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldErrors | undefined;

  constructor(status: number, code: string, message: string, fields?: FieldErrors) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}
