import { useEffect, useState } from 'preact/hooks';
import type { LeafInfo } from '../../api/messages.js';
import { fileOf, formatBytes } from '../table/format-value.js';
import { fileAddress, messageOf } from '../wire/client.js';
import { lookOf } from './file-look.js';

/** As much of a text as is shown, in characters, and the largest one that is read for it, in bytes. */
const MOST_TEXT = 20_000;
const MOST_BYTES = 2_000_000;

type Preview =
  { readonly look: 'picture' | 'nothing' | 'loading' } | { readonly look: 'text'; readonly text: string };

/** A file: its picture or text, and the way to save it. */
export function FilePreview({ leaf }: { leaf: LeafInfo }) {
  const file = fileOf(leaf.value);
  const name = file?.name ?? leaf.path;
  const preview = usePreview(leaf.path, leaf.revision, file?.size ?? 0);
  return (
    <figure class="file">
      {preview.look === 'loading' && <pre>Loading…</pre>}
      {preview.look === 'picture' && <Picture path={leaf.path} name={name} />}
      {preview.look === 'text' && <pre tabIndex={0}>{preview.text}</pre>}
      <figcaption>
        <span>{name}</span>
        <span class="faint">
          {file?.mime ?? ''}
          {file ? `, ${formatBytes(file.size)}` : ''}
        </span>
        <a href={fileAddress(leaf.path, 'download')} download={name}>
          Download
        </a>
      </figcaption>
    </figure>
  );
}

function Picture({ path, name }: { path: string; name: string }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <p class="faint">The picture cannot be shown.</p>;
  return (
    <img
      src={fileAddress(path, 'preview')}
      alt={name}
      onError={() => {
        setBroken(true);
      }}
    />
  );
}

/** Asks the studio's process what the file is, whatever is said of it. */
function usePreview(path: string, revision: number, size: number): Preview {
  const [preview, setPreview] = useState<Preview>({ look: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    readPreview(path, size, controller)
      .then(setPreview)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setPreview({ look: 'text', text: messageOf(error) });
      });
    return () => {
      controller.abort();
    };
  }, [path, revision, size]);
  return preview;
}

async function readPreview(path: string, size: number, controller: AbortController): Promise<Preview> {
  const response = await fetch(fileAddress(path, 'preview'), { signal: controller.signal });
  const look = response.ok ? lookOf(response.headers.get('content-type')) : undefined;
  if (look === 'text' && size <= MOST_BYTES) {
    const all = await response.text();
    return { look, text: all.length > MOST_TEXT ? `${all.slice(0, MOST_TEXT)}…` : all };
  }
  await response.body?.cancel();
  if (!response.ok && response.status !== UNSUPPORTED) {
    return { look: 'text', text: `The file cannot be shown (${response.status}).` };
  }
  return { look: look === 'picture' ? look : 'nothing' };
}

/** The status of what is neither an image nor a text. */
const UNSUPPORTED = 415;
