import { tellableName } from '../../protocol/requests/file-labels.js';
import type { Path } from '../../protocol/paths/path.js';
import { isObject } from '../../protocol/values/value.js';
import { StudioRefusal, notFound } from '../errors.js';
import type { Asking, StudioSource } from './source.js';

/** A file, ready to be sent. */
export interface StudioFile {
  readonly filename: string;
  readonly content: Uint8Array;
  /** What a browser may show it as; undefined for what it may only keep. */
  readonly shownAs: string | undefined;
}

/** Bytes of a file that a browser is sent. */
const MAX_FILE = 256 * 1024 * 1024;

/** Bytes of a file that is looked at on the page. */
const MAX_PREVIEW = 16 * 1024 * 1024;

/**
 * The file that a leaf describes.
 *
 * @throws StudioRefusal where there is none; what reading it throws
 */
export async function fileAt(
  { transport }: StudioSource,
  path: Path,
  { signal }: Asking,
): Promise<StudioFile> {
  const value = (await transport.getMany([path], { signal })).get(path)?.value;
  if (!isObject(value) || value._type !== 'file' || typeof value.hash !== 'string') {
    throw notFound(`${path} holds no file.`);
  }
  if (typeof value.size === 'number' && value.size > MAX_FILE) {
    throw new StudioRefusal(413, 'too_large', 'The file is longer than the studio sends.');
  }
  const file = await transport.getFile(value.hash, { signal });
  if (file === null) throw notFound('The store has the description of the file, and not its content.');
  const filename = typeof value.filename === 'string' ? tellableName(value.filename) : 'file';
  return { filename, content: file.content, shownAs: shownAs(file.content) };
}

type Signature = readonly (number | undefined)[];

const bytesOf = (text: string): Signature => Array.from(text, (character) => character.charCodeAt(0));

/** What a browser draws and does not run, told by how it begins: what somebody says of it counts for nothing. */
const IMAGES: readonly (readonly [string, Signature])[] = [
  ['image/png', [0x89, ...bytesOf('PNG\r\n'), 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', bytesOf('GIF87a')],
  ['image/gif', bytesOf('GIF89a')],
  ['image/webp', [...bytesOf('RIFF'), undefined, undefined, undefined, undefined, ...bytesOf('WEBP')]],
  ['image/avif', [undefined, undefined, undefined, undefined, ...bytesOf('ftypavif')]],
];

function shownAs(content: Uint8Array): string | undefined {
  if (content.length > MAX_PREVIEW) return undefined;
  const image = IMAGES.find(([, signature]) =>
    signature.every((byte, at) => (byte === undefined ? at < content.length : content[at] === byte)),
  );
  if (image !== undefined) return image[0];
  return isText(content) ? 'text/plain; charset=utf-8' : undefined;
}

/** Control characters but for those of lines make no text. */
function isText(content: Uint8Array): boolean {
  if (content.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}
