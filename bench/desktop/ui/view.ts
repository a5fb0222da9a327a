/** The View tab: modes, what is shown, zoom, windows. */
import type { Desk } from '../desk.ts';
import { button, choice, closing, control, field, inert, opener, rare, toggle } from './control.ts';
import { dialog, type Surface, tab } from './surface.ts';

export const VIEW_MODES = ['Read Mode', 'Print Layout', 'Web Layout', 'Outline', 'Draft'];
export const ZOOM_FITS = ['One Page', 'Multiple Pages', 'Page Width'];
const ZOOM_PRESETS = ['200%', '100%', '75%'];
/** What a click on the status bar's zoom buttons adds or takes, in per cent. */
export const ZOOM_STEP = 10;

type ViewFlag = 'ruler' | 'gridlines' | 'navigation';
const viewBox = (name: string, flag: ViewFlag) =>
  control('CheckBox', name, {
    selected: (desk: Desk) => desk.document.view[flag],
    click: (desk: Desk) => {
      desk.document.view[flag] = !desk.document.view[flag];
    },
  });

export const setZoom = (desk: Desk, zoom: number): void => {
  Object.assign(desk.document.view, { zoom, zoomFit: '' });
};

export const view: readonly Surface[] = [
  tab('View', [
    ...VIEW_MODES.map((mode) =>
      toggle(
        mode,
        (desk) => desk.document.view.mode === mode,
        (desk) => {
          desk.document.view.mode = mode;
        },
      ),
    ),
    ...inert('Button', 'Focus', 'Immersive Reader', 'Vertical', 'Side to Side'),
    viewBox('Ruler', 'ruler'),
    viewBox('Gridlines', 'gridlines'),
    viewBox('Navigation Pane', 'navigation'),
    opener('Zoom...', 'Zoom dialog'),
    button('100%', (desk) => setZoom(desk, 100)),
    ...ZOOM_FITS.map((zoomFit) =>
      button(zoomFit, (desk) => {
        desk.document.view.zoomFit = zoomFit;
      }),
    ),
    ...inert('Button', 'New Window', 'Arrange All'),
    toggle(
      'Split',
      (desk) => desk.document.view.split,
      (desk) => {
        desk.document.view.split = !desk.document.view.split;
      },
    ),
    ...inert('Button', 'Switch Windows'),
    ...rare('Button', 'View Side by Side', 'Macros', 'Properties'),
  ]),
  dialog(
    'Zoom dialog',
    [
      ...ZOOM_PRESETS.map((name) => choice('preset', name)),
      ...inert('RadioButton', 'Page width', 'Text width', 'Whole page'),
      field('Percent:', 'Spinner'),
      closing('OK', (desk) => setZoom(desk, Number.parseInt(desk.field('Percent:'), 10) || 100)),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ 'Percent:': String(desk.document.view.zoom) }) },
  ),
];
