import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What one `curl` command line asks for. */
export interface CurlCall {
  readonly urls: readonly string[];
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** `-i` or `-I`: status line and headers are printed too. */
  readonly include: boolean;
  /** `-o`: the file that takes the output. */
  readonly output: string | undefined;
  /** `-w`: what is printed after each answer. */
  readonly writeOut: string;
}

const DATA = ['data', 'data-binary', 'data-urlencode'];

/** Reads a `curl` command line. Flags that the pages do not use are refused. Files are those of `folder`. */
export function curlCall(args: readonly string[], folder: string): CurlCall {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: {
      silent: { type: 'boolean', short: 's' },
      'show-error': { type: 'boolean', short: 'S' },
      include: { type: 'boolean', short: 'i', default: false },
      head: { type: 'boolean', short: 'I', default: false },
      get: { type: 'boolean', short: 'G', default: false },
      request: { type: 'string', short: 'X' },
      header: { type: 'string', short: 'H', multiple: true, default: [] },
      data: { type: 'string', short: 'd', multiple: true },
      'data-binary': { type: 'string', multiple: true },
      'data-urlencode': { type: 'string', multiple: true },
      output: { type: 'string', short: 'o' },
      'write-out': { type: 'string', short: 'w', default: '' },
    },
  });
  const data = tokens.flatMap((token) =>
    token.kind === 'option' && DATA.includes(token.name)
      ? [dataOf(token.name, token.value ?? '', folder)]
      : [],
  );
  const sent = data.length === 0 ? undefined : data.join('&');
  const asQuery = values.get && sent !== undefined;
  const body = asQuery ? undefined : sent;
  return {
    urls: positionals.flatMap(expandRange).map((url) => (asQuery ? `${url}?${sent}` : url)),
    method: values.request ?? (values.head ? 'HEAD' : body === undefined ? 'GET' : 'POST'),
    headers: [
      ['Accept', '*/*'],
      ...(body === undefined ? [] : [['Content-Type', 'application/x-www-form-urlencoded'] as const]),
      ...values.header.map(headerOf),
    ],
    body,
    include: values.include || values.head,
    output: values.output === undefined ? undefined : resolve(folder, values.output),
    writeOut: values['write-out'],
  };
}

function dataOf(flag: string, value: string, folder: string): string {
  if (flag === 'data-urlencode') {
    const [, name, content] = /^([^=@]*=)([\s\S]*)$/.exec(value) ?? [];
    if (name === undefined) {
      throw new Error(`Only name=content is known behind --data-urlencode, not ${value}`);
    }
    return name + encodeURIComponent(content!);
  }
  if (!value.startsWith('@')) return value;
  const text = readFileSync(resolve(folder, value.slice(1)), 'utf8');
  return flag === 'data' ? text.replaceAll(/[\r\n]/g, '') : text;
}

function headerOf(header: string): readonly [string, string] {
  const colon = header.indexOf(':');
  if (colon < 1) throw new Error(`A header is 'Name: value', not ${header}`);
  return [header.slice(0, colon), header.slice(colon + 1).trim()];
}

/** `…/[1-3]` means three urls. */
function expandRange(url: string): string[] {
  const [, before, first, last, after] = /^([^[]*)\[(\d+)-(\d+)\](.*)$/.exec(url) ?? [];
  if (before === undefined) return [url];
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => `${before}${Number(first) + i}${after!}`);
}
