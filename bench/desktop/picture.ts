/** Draws an observation as an SVG, with the chosen control marked; for documentation and for looking at failures. */
import type { Control } from '../../src/runtime/types.ts';
import type { Observation } from './observe.ts';
import { drawPage, escapeXml, fit } from './picture-page.ts';
import type { ShownParagraph } from './shown-document.ts';
import { WINDOW } from './ui/placement.ts';
import { isModal, isOnTop } from './ui/visible.ts';

export type PictureOptions = {
  /** Id of the control to mark. */
  readonly highlightId?: string;
  /** What the document says, one line per paragraph; without formatting. */
  readonly documentText?: string;
  /** What the document looks like; takes the place of `documentText`. */
  readonly document?: readonly ShownParagraph[];
  /** A line below the window, such as the request. */
  readonly caption?: string;
};

type Look = { readonly fill: string; readonly stroke: string; readonly text: string };
const PLAIN: Look = { fill: '#ffffff', stroke: '#d0d4da', text: '#25292e' };
const FIELD: Look = { fill: '#ffffff', stroke: '#7a8594', text: '#25292e' };
const ITEM: Look = { fill: '#f7f8fa', stroke: '#e3e6ea', text: '#25292e' };
const LABEL: Look = { fill: 'none', stroke: 'none', text: '#4a5058' };
const LOOKS: Readonly<Record<string, Look>> = {
  TabItem: { fill: '#eef1f6', stroke: '#eef1f6', text: '#25292e' },
  Document: { fill: '#fbfbfc', stroke: '#c3c8cf', text: '#9aa1aa' },
  Edit: FIELD,
  ComboBox: FIELD,
  Spinner: FIELD,
  MenuItem: ITEM,
  ListItem: ITEM,
  CheckBox: LABEL,
  RadioButton: LABEL,
  Text: LABEL,
};
const SELECTED: Look = { fill: '#cfe0f7', stroke: '#5b8fd6', text: '#16345f' };
const DISABLED_TEXT = '#b3b9c1';
const CHOSEN = '#d6336c';
const FONT_SIZE = 12;
const CAPTION_HEIGHT = 34;
const PANEL_PADDING = 6;
const PANEL_TITLE = 20;
/** Boxes and circles in front of a name, and signs behind it. */
const MARK_SIZE = 11;
const SIGNS: Readonly<Record<string, string>> = { ComboBox: '▾', Spinner: '▴▾', SplitButton: '▾' };

/** One SVG document; later controls are drawn over earlier ones, as pop-ups lie over the window. */
export function renderPicture(observation: Observation, options: PictureOptions = {}): string {
  const [, , width, height] = WINDOW;
  const { caption = '' } = options;
  const { controls, placed } = observation;
  // Whatever lies on the window comes last in tree order.
  const numBelow = placed.filter(({ surface }) => !isOnTop(surface)).length;
  const total = height + (caption === '' ? 0 : CAPTION_HEIGHT);
  const page = controls.find(({ type }) => type === 'Document');
  const isCovered = placed.some(({ surface }) => surface.kind === 'dialog' && isModal(surface));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" font-family="Segoe UI, Arial, sans-serif" font-size="${FONT_SIZE}">`,
    `<title>${escapeXml(observation.app.windowTitle)}</title>`,
    `<rect width="${width}" height="${total}" fill="#f1f3f6"/>`,
    ...controls.slice(0, numBelow).map(drawControl),
    ...(page ? drawPage(boxOf(page), options) : []),
    ...(isCovered ? [`<rect width="${width}" height="${height}" fill="#20242a" opacity="0.18"/>`] : []),
    ...drawPanels(observation),
    ...controls.slice(numBelow).map(drawControl),
    ...controls.filter(({ id }) => id === options.highlightId).map(drawMark),
    ...(caption === '' ? [] : [`<text x="12" y="${height + 22}" font-size="16">${escapeXml(caption)}</text>`]),
    '</svg>',
  ].join('\n');
}

/** A shadowed box with its name behind each menu, dialog and inline editor. */
function drawPanels({ controls, placed }: Observation): string[] {
  const surfaces = new Set(placed.map(({ surface }) => surface).filter(isOnTop));
  return [...surfaces].map((surface) => {
    const boxes = controls.filter((_, i) => placed[i]?.surface === surface).map(boxOf);
    const left = Math.min(...boxes.map((box) => box.left)) - PANEL_PADDING;
    const top = Math.min(...boxes.map((box) => box.top)) - PANEL_PADDING - PANEL_TITLE;
    const width = Math.max(...boxes.map((box) => box.left + box.width)) + PANEL_PADDING - left;
    const height = Math.max(...boxes.map((box) => box.top + box.height)) + PANEL_PADDING - top;
    const shadow = `<rect x="${left + 3}" y="${top + 4}" width="${width}" height="${height}" rx="6" fill="#000000" opacity="0.12"/>`;
    const panel = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="#b9bfc7"/>`;
    return shadow + panel + label(surface.name, { x: left + 8, y: top + 15, fill: '#6a717b' });
  });
}

function drawControl(control: Control): string {
  const { left, top, width, height } = boxOf(control);
  const hasMark = control.type === 'CheckBox' || control.type === 'RadioButton';
  const look = control.selected === true && !hasMark ? SELECTED : (LOOKS[control.type] ?? PLAIN);
  const color = control.enabled === false ? DISABLED_TEXT : look.text;
  const box = `<rect x="${left + 1}" y="${top + 1}" width="${width - 2}" height="${height - 2}" rx="3" fill="${look.fill}" stroke="${look.stroke}"/>`;
  const y = top + Math.min(height / 2, 24) + FONT_SIZE / 3;
  const mark = hasMark ? drawCheck(control, { left: left + 6, y: y - MARK_SIZE + 1 }) : '';
  const sign = SIGNS[control.type] ?? '';
  const x = left + 5 + (hasMark ? MARK_SIZE + 6 : 0);
  // A page of its own says more than the name of the control that holds it.
  if (control.type === 'Document') return box;
  const name = label(fit(control.name, width - 8 - (hasMark ? MARK_SIZE : 0) - 8 * sign.length), { x, y, fill: color });
  const end = sign === '' ? '' : label(sign, { x: left + width - 4 - 9 * sign.length, y, fill: color });
  return box + mark + name + end;
}

/** The box or circle of a control that is on or off. */
function drawCheck({ type, selected }: Control, { left, y }: { readonly left: number; readonly y: number }): string {
  const isOn = selected === true;
  if (type === 'RadioButton') {
    const [x, middle, radius] = [left + MARK_SIZE / 2, y + MARK_SIZE / 2, MARK_SIZE / 2];
    const round = (r: number, look: string): string =>
      `<ellipse cx="${x}" cy="${middle}" rx="${r}" ry="${r}" ${look}/>`;
    return round(radius, 'fill="#ffffff" stroke="#7a8594"') + (isOn ? round(radius / 2, 'fill="#16345f"') : '');
  }
  const box = `<rect x="${left}" y="${y}" width="${MARK_SIZE}" height="${MARK_SIZE}" rx="2" fill="#ffffff" stroke="#7a8594"/>`;
  const tick = `<path d="M${left + 2} ${y + 5} l3 3 l5 -6" fill="none" stroke="#16345f" stroke-width="2"/>`;
  return isOn ? box + tick : box;
}

const label = (text: string, { x, y, fill }: { x: number; y: number; fill: string }): string =>
  `<text x="${x}" y="${y}" fill="${fill}">${escapeXml(text)}</text>`;

function drawMark(control: Control): string {
  const { left, top, width, height } = boxOf(control);
  const frame = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="4" fill="none" stroke="${CHOSEN}" stroke-width="3"/>`;
  return `${frame}<circle cx="${left + width - 4}" cy="${top + 5}" r="6" fill="${CHOSEN}"/>`;
}

function boxOf({ rect = [0, 0, 2, 2] }: Control): { left: number; top: number; width: number; height: number } {
  const [left, top, right, bottom] = rect;
  return { left, top, width: Math.max(2, right - left), height: Math.max(2, bottom - top) };
}
