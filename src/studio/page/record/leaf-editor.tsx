import { useState } from 'preact/hooks';
import type { LeafInfo, WriteAnswer } from '../../api/messages.js';
import { notify } from '../state/notices.js';
import { pathOf } from '../state/paths.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { api, messageOf } from '../wire/client.js';
import { parseJson } from './field-text.js';

/** What {@link LeafEditor} takes. */
export interface LeafEditorProps {
  /** The leaf; without one, a new leaf is made below `parent`. */
  readonly leaf: LeafInfo | undefined;
  readonly parent: string;
  readonly saved: (answer: Extract<WriteAnswer, { outcome: 'written' }>) => void;
  readonly close: () => void;
}

/** A leaf's value as JSON. */
export function LeafEditor({ leaf, parent, saved, close }: LeafEditorProps) {
  const [name, setName] = useState('');
  const [text, setText] = useState(leaf ? JSON.stringify(leaf.value, null, 2) : '""');
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [revision, setRevision] = useState(leaf?.revision ?? 0);
  const [theirs, setTheirs] = useState<string>();
  const save = async () => {
    const read = parseJson(text);
    if ('problem' in read) {
      setProblems([read.problem]);
      return;
    }
    if (!leaf && name === '') {
      setProblems(['A leaf needs a name.']);
      return;
    }
    const path = leaf?.path ?? (parent === '' ? pathOf([name]) : `${parent}/${pathOf([name])}`);
    try {
      const answer = await api.save({ path, value: read.value, revision });
      if (answer.outcome === 'written') {
        notify(`Saved ${path}.`);
        saved(answer);
        close();
      } else if (answer.outcome === 'invalid') {
        setProblems(answer.violations.flatMap(({ messages }) => messages));
      } else {
        setProblems([]);
        const found = answer.current.leaves.find((other) => other.path === path);
        setTheirs(found ? JSON.stringify(found.value, null, 2) : 'It has been removed.');
        setRevision(answer.current.revision);
      }
    } catch (error) {
      setProblems([messageOf(error)]);
    }
  };
  return (
    <Dialog title={leaf ? 'Edit a leaf' : 'New leaf'} close={close} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class="path-text">{leaf ? leaf.path : parent === '' ? 'At the top' : `Below ${parent}`}</p>
        {!leaf && (
          <label class="stack">
            <span>Name</span>
            <input
              value={name}
              onInput={({ currentTarget: { value } }) => {
                setName(value);
              }}
            />
          </label>
        )}
        <label class="stack">
          <span>Value, as JSON</span>
          <textarea
            class="mono"
            rows={8}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget: { value } }) => {
              setText(value);
            }}
          />
        </label>
        {theirs !== undefined && (
          <div class="conflict" role="alert">
            <h3>This leaf has been changed meanwhile</h3>
            <p>Theirs:</p>
            <pre>{theirs}</pre>
            <Button
              onClick={() => {
                setText(theirs);
              }}
            >
              Take theirs
            </Button>
          </div>
        )}
        {problems.length > 0 && (
          <ul class="problems" role="alert">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        <div class="dialog-buttons">
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" type="submit">
            {theirs === undefined ? 'Save' : 'Save again'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
