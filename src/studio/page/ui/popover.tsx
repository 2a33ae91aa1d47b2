import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** What {@link Popover} takes. */
export interface PopoverProps {
  readonly label: string;
  /** What it hangs below. */
  readonly anchor: Element;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

const MARGIN = 8;

/** A small panel below what opened it. A click elsewhere and Escape close it, and the focus goes back. */
export function Popover({ label, anchor, close, children }: PopoverProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const panel = element.current;
    if (!panel) return;
    panel.showPopover();
    const { left, bottom } = anchor.getBoundingClientRect();
    const room = document.documentElement.clientWidth - panel.offsetWidth - MARGIN;
    panel.style.left = `${Math.max(MARGIN, Math.min(left, room))}px`;
    panel.style.top = `${bottom + 2}px`;
    panel.querySelector<HTMLElement>('input, select, button')?.focus();
  }, []);
  useEffect(
    () => () => {
      if (anchor instanceof HTMLElement && anchor.isConnected) anchor.focus();
    },
    [],
  );
  return (
    <div
      ref={element}
      class="popover"
      popover="auto"
      role="dialog"
      aria-label={label}
      onToggle={(event) => {
        if (event.newState === 'closed') close();
      }}
    >
      {children}
    </div>
  );
}
