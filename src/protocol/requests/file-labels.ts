import type { Path } from '../paths/path.js';
import { invalidParams } from './request-errors.js';

/** The longest name and the longest media type of a file, in characters. */
export const MAX_FILE_LABEL = 255;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

/** A media type with or without parameters (RFC 9110, §8.3.1). */
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[\\t ]*;[\\t -~]*)?$`);

/** What no header can carry and no file system takes in a name: control characters and half surrogate pairs. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}]/u;

/** What a file is called, and what it is. */
export interface FileLabels {
  readonly filename: string;
  readonly contentType?: string | undefined;
}

/**
 * Whoever downloads a file is told both in headers, so they are checked when it is stored.
 *
 * @throws DustError `invalid_params` with detail `put_file_requires_filename`, `invalid_filename` or `invalid_content_type`
 */
export function checkFileLabels({ filename, contentType }: FileLabels, path: Path): void {
  if (typeof filename !== 'string' || filename === '') {
    throw invalidParams({ path }, 'put_file_requires_filename', 'a file needs a name.');
  }
  if (!isFileName(filename)) {
    throw invalidParams(
      { path },
      'invalid_filename',
      `the name of a file has 1 to ${MAX_FILE_LABEL} characters, of which none is a control character.`,
    );
  }
  if (contentType !== undefined && !isMediaType(contentType)) {
    throw invalidParams(
      { path },
      'invalid_content_type',
      `the type of a file is a media type such as "image/png", in printable ASCII and up to ${MAX_FILE_LABEL} characters.`,
    );
  }
}

/** Whether `text` can be told as the name of a file. */
export function isFileName(text: string): boolean {
  return text !== '' && text.length <= MAX_FILE_LABEL && !NOT_IN_NAMES.test(text);
}

/** Whether `text` is a media type that a header carries. */
export function isMediaType(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_FILE_LABEL && MEDIA_TYPE.test(text);
}

/** The nearest that can be told to a name that was stored before names were checked. */
export function tellableName(filename: string): string {
  const readable = filename
    .slice(0, MAX_FILE_LABEL)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '_');
  return readable === '' ? '_' : readable;
}
