import { useEffect, useState } from 'preact/hooks';
import type { LeafInfo } from '../../api/messages.js';
import { fileOf, formatBytes } from '../table/format-value.js';
import { fileAddress, messageOf } from '../wire/client.js';

/** As much of a text as is shown, in characters, and the largest file that is asked for to show it, in bytes. */
const MOST_TEXT = 20_000;
const MOST_BYTES = 2_000_000;

/** A file: its picture or text, and the way to save it. */
export function FilePreview({ leaf }: { leaf: LeafInfo }) {
  const file = fileOf(leaf.value);
  const name = file?.name ?? leaf.path;
  const mime = file?.mime ?? '';
  return (
    <figure class="file">
      {mime.startsWith('image/') && !isText(mime) && <Picture path={leaf.path} name={name} />}
      {isText(mime) && (file?.size ?? 0) <= MOST_BYTES && <TextOf path={leaf.path} />}
      <figcaption>
        <span>{name}</span>
        <span class="faint">
          {mime}
          {file ? `, ${formatBytes(file.size)}` : ''}
        </span>
        <a href={fileAddress(leaf.path, 'download')} download={name}>
          Download
        </a>
      </figcaption>
    </figure>
  );
}

function isText(mime: string): boolean {
  // A drawing may run something, so that the studio’s process shows it as text.
  return /^(text\/|application\/json|image\/svg)/.test(mime);
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

function TextOf({ path }: { path: string }) {
  const [text, setText] = useState('Loading…');
  useEffect(() => {
    const controller = new AbortController();
    fetch(fileAddress(path, 'preview'), { signal: controller.signal })
      .then(async (response) => {
        const all = await response.text();
        if (!response.ok) setText(`The text cannot be shown (${response.status}).`);
        else setText(all.length > MOST_TEXT ? `${all.slice(0, MOST_TEXT)}…` : all);
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setText(messageOf(error));
      });
    return () => {
      controller.abort();
    };
  }, [path]);
  return <pre tabIndex={0}>{text}</pre>;
}
