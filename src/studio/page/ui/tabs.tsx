import { useRef } from 'preact/hooks';

/** What {@link Tabs} takes. */
export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly name: T; readonly title: string }[];
  readonly chosen: T;
  readonly choose: (name: T) => void;
  /** The element that the tabs switch. */
  readonly panel: string;
}

/** Tabs; arrows go from one to the next. */
export function Tabs<T extends string>({ label, tabs, chosen, choose, panel }: TabsProps<T>) {
  const element = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={element}
      class="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={({ key }) => {
        const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
        if (step === 0) return;
        const at = tabs.findIndex(({ name }) => name === chosen);
        const next = (at + step + tabs.length) % tabs.length;
        choose(tabs[next]!.name);
        element.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
      }}
    >
      {tabs.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === chosen}
          aria-controls={panel}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => {
            choose(name);
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
