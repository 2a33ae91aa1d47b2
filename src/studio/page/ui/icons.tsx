const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M6 4l4 4-4 4',
  up: 'M8 12V4M4.5 7.5L8 4l3.5 3.5',
  down: 'M8 4v8M4.5 8.5L8 12l3.5-3.5',
  filter: 'M2.5 4h11M5 8h6M7 12h2',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  columns: 'M3 3h10v10H3zM6.3 3v10M9.7 3v10',
  back: 'M10 4L6 8l4 4',
  plus: 'M8 3.5v9M3.5 8h9',
} as const;

/** A line drawing of 16 by 16, in the colour of the text. It says nothing to screen readers. */
export function Icon({ name, turned = false }: { name: keyof typeof PATHS; turned?: boolean }) {
  return (
    <svg class={turned ? 'icon icon-turned' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
    </svg>
  );
}
