import type { ServerResponse } from 'node:http';
import type { StudioFile } from '../api/file.js';
import { StudioRefusal } from '../errors.js';
import { POLICY_OF_FILES, sendBytes } from './answers.js';

/**
 * Sends a file: as one to be kept, or with `preview` as one to be looked at.
 *
 * @throws StudioRefusal for what cannot be looked at: what could run something, such as HTML and SVG, is text here, and what is neither an
 * image nor text is kept only
 */
export function sendFile(response: ServerResponse, file: StudioFile, preview: boolean): void {
  const { filename, content, shownAs } = file;
  if (preview && shownAs === undefined) {
    throw new StudioRefusal(
      415,
      'unsupported_media_type',
      'That is neither an image nor a text: download it.',
    );
  }
  response.setHeader('content-security-policy', POLICY_OF_FILES);
  response.setHeader('content-disposition', `${preview ? 'inline' : 'attachment'}; ${nameOf(filename)}`);
  const type = preview ? shownAs : undefined;
  sendBytes(response, { type: type ?? 'application/octet-stream', body: content });
}

/** RFC 6266 and RFC 8187. */
function nameOf(filename: string): string {
  const encoded = encodeURIComponent(filename.toWellFormed()).replaceAll(
    /[*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename*=UTF-8''${encoded}`;
}
