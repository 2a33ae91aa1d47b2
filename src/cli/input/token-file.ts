import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from '../../logging.js';
import { checkSecret } from '../../server/access/tokens.js';
import type { CliContext } from '../context.js';
import { unusableTokenFile } from '../errors.js';
import { readInput } from './read-input.js';

const FLAG = '--token-file';
const VARIABLE = 'DUST_TOKEN_FILE';

/** Characters of a file that holds a token: more are not read. */
const MOST = 65_536;

/** Others of this machine: to read, to write, to run. */
const OTHERS = 0o007;

/**
 * The token in the file that a flag names, or else the environment: what managers of services and of containers hand over, for the server alone to read.
 *
 * @param flag undefined where it was not given
 * @returns undefined where neither names a file
 * @throws DustError `invalid_options` that says what is wrong with the file, and nothing of what it holds; `storage` when it cannot be read
 */
export async function readTokenFile(
  flag: string | undefined,
  context: CliContext,
  logger: Logger,
): Promise<string | undefined> {
  const file = (flag ?? context.io.env[VARIABLE] ?? '').trim();
  const source = flag === undefined ? VARIABLE : FLAG;
  if (file === '') {
    if (flag !== undefined) throw unusableTokenFile(`${FLAG} names no file. Give one, or leave it out.`);
    return undefined;
  }
  const path = file === '-' ? 'standard input' : resolve(context.io.cwd, file);
  const named = file === '-' ? `Standard input, which ${source} names,` : `The file ${path} of ${source}`;
  const lines = (await readStart(file, named, context)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const [token] = lines;
  if (token === undefined) throw unusableTokenFile(`${named} is empty. Write a token into it.`);
  if (lines.length > 1) {
    throw unusableTokenFile(`${named} has ${lines.length} lines. Leave one in it, with one token.`);
  }
  checkSecret(token.trim(), `The token in ${path} of ${source}`);
  if (file !== '-' && (await isOpenToOthers(path))) {
    logger.warn(
      `other users of this machine can read or change ${path}, which holds a token: take that from them, with chmod o=`,
    );
  }
  return token.trim();
}

async function readStart(file: string, named: string, context: CliContext): Promise<string> {
  let text = '';
  for await (const chunk of readInput(file, context)) {
    text += chunk;
    if (text.length > MOST) throw unusableTokenFile(`${named} holds more than a token.`);
  }
  return text;
}

/** Of files alone: what a shell hands over as a pipe is this program's. */
async function isOpenToOthers(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const about = await stat(path);
  return about.isFile() && (about.mode & OTHERS) !== 0;
}
