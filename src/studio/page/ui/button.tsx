import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

/** What {@link Button} takes beside what every button does. */
export interface ButtonProps extends Omit<ButtonHTMLAttributes, 'class' | 'icon'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet' | 'icon';
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A button. */
export function Button({ look = 'plain', class: more = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button button-${look} ${more}`.trim()}>
      {children}
    </button>
  );
}
