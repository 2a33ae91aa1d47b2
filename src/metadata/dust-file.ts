/** A reference to a file in the store, as the property of a file field holds it. */
export interface DustFile {
  /** The content's address: `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** The name given at the upload. */
  readonly filename: string;
  /** A media type. */
  readonly contentType: string;
  /** When it was uploaded, by the clock of the store. */
  readonly uploadedAt: Date;
}
