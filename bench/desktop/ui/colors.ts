/** Colours as Word names them, and the pickers that offer them. */
import type { Desk } from '../desk.ts';
import { type ControlSpec, control, listItem } from './control.ts';

export const STANDARD_COLORS = [
  'Dark Red',
  'Red',
  'Orange',
  'Yellow',
  'Light Green',
  'Green',
  'Light Blue',
  'Blue',
  'Dark Blue',
  'Purple',
] as const;

export const HIGHLIGHT_COLORS = [
  'Yellow',
  'Bright Green',
  'Turquoise',
  'Pink',
  'Blue',
  'Red',
  'Dark Blue',
  'Teal',
  'Green',
  'Violet',
  'Dark Red',
  'Dark Yellow',
  'Gray-50%',
  'Gray-25%',
  'Black',
] as const;

const THEME_COLORS = ['White, Background 1', 'Black, Text 1', 'Tan, Background 2', 'Navy, Text 2', 'Teal, Accent 1'];
const SHADES = ['', ', Lighter 80%', ', Lighter 60%', ', Darker 25%', ', Darker 50%'];

type Apply = (desk: Desk, color: string) => void;

/** Theme colours (inert, where the episode shows them), the standard row, and the reset entry. */
export function colorPicker(reset: string, apply: Apply): ControlSpec[] {
  return [
    listItem(reset, (desk) => apply(desk, reset)),
    ...THEME_COLORS.flatMap((color) =>
      SHADES.map((shade) => control('ListItem', `${color}${shade}`, { shown: (desk) => desk.clutter.themeColors })),
    ),
    ...STANDARD_COLORS.map((color) => listItem(color, (desk) => apply(desk, color))),
    control('MenuItem', 'More Colors...'),
  ];
}

export function highlightPicker(apply: Apply): ControlSpec[] {
  return [
    ...HIGHLIGHT_COLORS.map((color) => listItem(color, (desk) => apply(desk, color))),
    listItem('No Color', (desk) => apply(desk, 'No Color')),
    control('MenuItem', 'Stop Highlighting'),
  ];
}
