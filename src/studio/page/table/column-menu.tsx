import { useState } from 'preact/hooks';
import type { EntityInfo } from '../../api/messages.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icons.js';
import { Popover } from '../ui/popover.js';
import type { ColumnLayout } from './column-layout.js';

/** Chooses which columns are shown. */
export function ColumnMenu({ entity, layout }: { entity: EntityInfo; layout: ColumnLayout }) {
  const [anchor, setAnchor] = useState<Element>();
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        onClick={(event) => {
          setAnchor(event.currentTarget);
        }}
      >
        <Icon name="columns" /> Columns
      </Button>
      {anchor && (
        <Popover
          label="Columns"
          anchor={anchor}
          close={() => {
            setAnchor(undefined);
          }}
        >
          <div class="column-list">
            {entity.columns.map(({ property, type }) => (
              <label key={property} class="check">
                <input
                  type="checkbox"
                  checked={layout.isShown(property)}
                  disabled={property === entity.slug}
                  onChange={(event) => {
                    layout.show(property, event.currentTarget.checked);
                  }}
                />
                <span>{property}</span>
                <span class="faint">{type}</span>
              </label>
            ))}
          </div>
          <div class="dialog-buttons">
            <Button
              onClick={() => {
                layout.reset();
              }}
            >
              Reset columns
            </Button>
          </div>
        </Popover>
      )}
    </>
  );
}
