import { effect, signal } from '@preact/signals';
import { keep, readKept } from './kept.js';

/** Light or dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The chosen theme. */
export const theme = signal<Theme>(readKept<Theme>('theme', 'system'));

/** Applies the theme to the document now and after each change. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    keep('theme', theme.value);
  });
}

/** Chooses the next theme. */
export function switchTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}
