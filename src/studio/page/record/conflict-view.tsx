import type { FormModel } from './form-model.js';

/** What somebody else has changed meanwhile, beside what the form says. */
export function ConflictView({ form }: { form: FormModel }) {
  const conflict = form.conflict.value;
  if (!conflict) return null;
  const { clashes, taken } = conflict.merge;
  if (conflict.current.row === undefined) {
    return (
      <div class="conflict" role="alert">
        <h3>This record has been removed meanwhile</h3>
        <p>Saving again makes it anew, with what the form says.</p>
      </div>
    );
  }
  return (
    <div class="conflict" role="alert">
      <h3>This record has been changed meanwhile</h3>
      {taken.length > 0 && <p>Taken over, because you had not changed it: {taken.join(', ')}.</p>}
      {clashes.length === 0 ? (
        <p>Nothing that you have changed is concerned. Save again.</p>
      ) : (
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Theirs</th>
              <th scope="col">Yours</th>
            </tr>
          </thead>
          <tbody>
            {clashes.map(({ property, theirs, yours }) => (
              <tr key={property}>
                <th scope="row">{property}</th>
                <Side form={form} property={property} side="theirs" text={theirs} />
                <Side form={form} property={property} side="yours" text={yours} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

interface SideProps {
  readonly form: FormModel;
  readonly property: string;
  readonly side: 'theirs' | 'yours';
  readonly text: string | null;
}

function Side({ form, property, side, text }: SideProps) {
  const isChosen = form.choices.value.get(property) === side;
  return (
    <td class={isChosen ? 'chosen' : ''}>
      <label class="check">
        <input
          type="radio"
          name={`clash-${property}`}
          aria-label={`${property}: take ${side}`}
          checked={isChosen}
          onChange={() => {
            form.choose(property, side);
          }}
        />
        <span class={text === null ? 'faint' : ''}>{text ?? 'no value'}</span>
      </label>
    </td>
  );
}
