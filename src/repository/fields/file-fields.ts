import type { OptionNames } from '../../options/index.js';
import { isDustError } from '../../errors.js';
import type { DustFile } from '../../metadata/index.js';
import type { FieldMetadata } from '../../metadata/types.js';
import { checkFileLabels } from '../../protocol/requests/file-labels.js';
import { FOR_WRITE } from '../prepare/for-write.js';
import { bringUpToDate } from '../commit/bring-up-to-date.js';
import type { EntityContext } from '../entity-context.js';
import { invalidOption } from '../requests/option-errors.js';
import { recordMissing } from '../prepare/record-errors.js';
import { fieldFor } from './field-for.js';
import type { FileSource } from './file-content.js';
import { readFileSource } from './file-content.js';
import { recordPath, recordSubject } from '../prepare/record-path.js';
import { stoppedOnTheWay } from '../prepare/write-errors.js';
import type { UpdateResult } from '../requests/results.js';
import { writeResult } from '../requests/results.js';
import type { WriteRequest } from '../requests/write-options.js';
import { checkNames, requestOf } from '../requests/write-options.js';

const OPTIONS: OptionNames<FileUploadOptions> = { filename: true, contentType: true, signal: true };

/** Options of `putFile`. */
export interface FileUploadOptions extends WriteRequest {
  /** The file's name, for those who download it. Not empty. */
  readonly filename: string;
  /** A media type. Default `application/octet-stream`. */
  readonly contentType?: string;
}

/** A file with its content. */
export interface OpenedFile extends DustFile {
  /** The bytes, a copy of the reader's own. */
  readonly content: Uint8Array;
}

/** Which file of which record. */
export interface FilePlace {
  readonly slug: string;
  readonly property: string;
}

/** Stores a file in a field of a record that exists. */
export async function putFile<T extends object>(
  context: EntityContext<T>,
  { slug, property }: FilePlace,
  source: FileSource,
  options: FileUploadOptions,
): Promise<UpdateResult> {
  checkUploadOptions(options);
  const { metadata, transport } = context;
  const field = fieldFor(context, { method: 'putFile', property, role: 'file', capability: 'files' });
  const path = recordPath(metadata, slug);
  await bringUpToDate(context, slug, requestOf(options));
  checkFileLabels(options, path);
  if (!(await transport.exists(path, { ...requestOf(options), ...FOR_WRITE }))) {
    throw recordMissing(metadata, slug, 'putFile');
  }
  const { filename, contentType } = options;
  const { storeSeq } = await transport.putFile(`${path}/${field.wireSegment}`, await readFileSource(source), {
    filename,
    ...(contentType === undefined ? {} : { contentType }),
    ...requestOf(options),
  });
  const stamped = await stampChange(context, slug, field, options);
  return writeResult([{ slug, revision: stamped ?? storeSeq }]);
}

/**
 * Moves the time of the record's last change behind a file that was stored, which is an operation of its own: a transport puts no files
 * in batches. Undefined where the class has no such time.
 */
async function stampChange<T extends object>(
  { mapper, metadata, transport }: EntityContext<T>,
  slug: string,
  { wireName }: FieldMetadata,
  options: WriteRequest,
): Promise<number | undefined> {
  const [stamp] = mapper.encodeTimeOfChange();
  if (stamp === undefined) return undefined;
  try {
    const path = `${recordPath(metadata, slug)}/${stamp.field.wireSegment}`;
    return (await transport.set(path, stamp.value, requestOf(options))).storeSeq;
  } catch (error) {
    throw isDustError(error) ? stoppedOnTheWay(recordSubject(metadata, slug), [wireName], error) : error;
  }
}

/** The file a field of a record refers to, with its content. */
export async function openFile<T extends object>(
  context: EntityContext<T>,
  { slug, property }: FilePlace,
): Promise<OpenedFile | null> {
  const { mapper, metadata, transport } = context;
  const field = fieldFor(context, { method: 'openFile', property, role: 'file' });
  const record = recordPath(metadata, slug);
  // Of a record that an older class wrote, the file may lie elsewhere in it.
  const leaves = await transport.subtree(
    mapper.evolution === undefined ? `${record}/${field.wireSegment}` : record,
  );
  const file = mapper.decode(field, leaves) as DustFile | null | undefined;
  if (file === undefined || file === null) return null;
  const blob = await transport.getFile(file.hash);
  return blob === null ? null : { ...file, content: blob.content };
}

function checkUploadOptions(options: FileUploadOptions): void {
  checkNames('putFile', options, OPTIONS);
  const { filename, contentType } = options;
  if (typeof filename !== 'string' || filename === '') {
    throw invalidOption('putFile', 'filename', 'a non-empty string', filename);
  }
  if (contentType !== undefined && typeof contentType !== 'string') {
    throw invalidOption('putFile', 'contentType', 'a media type such as "image/png"', contentType);
  }
}
