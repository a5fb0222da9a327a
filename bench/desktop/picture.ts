/** Draws an observation as an SVG, with the chosen control marked; for documentation and for looking at failures. */
import type { Control } from '../../src/runtime/types.ts';
import type { Observation } from './observe.ts';
import { WINDOW } from './ui/placement.ts';
import { isOnTop } from './ui/visible.ts';

export type PictureOptions = {
  /** Id of the control to mark. */
  readonly highlightId?: string;
  /** What the document says, one line per paragraph. */
  readonly documentText?: string;
  /** A line below the window, such as the request. */
  readonly caption?: string;
};

type Look = { readonly fill: string; readonly stroke: string; readonly text: string };
const PLAIN: Look = { fill: '#ffffff', stroke: '#d0d4da', text: '#25292e' };
const LOOKS: Readonly<Record<string, Look>> = {
  TabItem: { fill: '#eef1f6', stroke: '#eef1f6', text: '#25292e' },
  Document: { fill: '#fbfbfc', stroke: '#c3c8cf', text: '#9aa1aa' },
  Edit: { fill: '#ffffff', stroke: '#7a8594', text: '#25292e' },
  ComboBox: { fill: '#ffffff', stroke: '#7a8594', text: '#25292e' },
  Spinner: { fill: '#ffffff', stroke: '#7a8594', text: '#25292e' },
  MenuItem: { fill: '#f7f8fa', stroke: '#e3e6ea', text: '#25292e' },
  ListItem: { fill: '#f7f8fa', stroke: '#e3e6ea', text: '#25292e' },
};
const SELECTED: Look = { fill: '#cfe0f7', stroke: '#5b8fd6', text: '#16345f' };
const DISABLED_TEXT = '#b3b9c1';
const CHOSEN = '#d6336c';
const FONT_SIZE = 12;
/** Average advance of a character of the font, in pixels. */
const CHARACTER_WIDTH = 6.2;
const CAPTION_HEIGHT = 34;
const LINE_HEIGHT = 26;
const PANEL_PADDING = 6;

/** One SVG document; later controls are drawn over earlier ones, as pop-ups lie over the window. */
export function renderPicture(observation: Observation, options: PictureOptions = {}): string {
  const [, , width, height] = WINDOW;
  const { caption = '', documentText = '' } = options;
  const { controls, placed } = observation;
  // Whatever lies on the window comes last in tree order.
  const numBelow = placed.filter(({ surface }) => !isOnTop(surface)).length;
  const total = height + (caption === '' ? 0 : CAPTION_HEIGHT);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" font-family="Segoe UI, sans-serif" font-size="${FONT_SIZE}">`,
    `<title>${escapeXml(observation.app.windowTitle)}</title>`,
    `<rect width="${width}" height="${total}" fill="#f1f3f6"/>`,
    ...controls.slice(0, numBelow).map(drawControl),
    ...drawText(
      controls.find(({ type }) => type === 'Document'),
      documentText,
    ),
    ...drawPanels(observation),
    ...controls.slice(numBelow).map(drawControl),
    ...controls.filter(({ id }) => id === options.highlightId).map(drawMark),
    ...(caption === '' ? [] : [`<text x="12" y="${height + 22}" font-size="16">${escapeXml(caption)}</text>`]),
    '</svg>',
  ].join('\n');
}

function drawText(page: Control | undefined, text: string): string[] {
  if (!page || text === '') return [];
  const { left, top, width } = boxOf(page);
  return text
    .split('\n')
    .map((line, i) => label(fit(line, width - 80), { x: left + 40, y: top + 60 + i * LINE_HEIGHT, fill: PLAIN.text }));
}

/** A shadowed box behind each menu, dialog and inline editor. */
function drawPanels({ controls, placed }: Observation): string[] {
  const surfaces = new Set(placed.map(({ surface }) => surface).filter(isOnTop));
  return [...surfaces].map((surface) => {
    const boxes = controls.filter((_, i) => placed[i]?.surface === surface).map(boxOf);
    const left = Math.min(...boxes.map((box) => box.left)) - PANEL_PADDING;
    const top = Math.min(...boxes.map((box) => box.top)) - PANEL_PADDING;
    const width = Math.max(...boxes.map((box) => box.left + box.width)) + PANEL_PADDING - left;
    const height = Math.max(...boxes.map((box) => box.top + box.height)) + PANEL_PADDING - top;
    const shadow = `<rect x="${left + 3}" y="${top + 4}" width="${width}" height="${height}" rx="6" fill="#000000" opacity="0.12"/>`;
    return `${shadow}<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="#b9bfc7"/>`;
  });
}

function drawControl(control: Control): string {
  const { left, top, width, height } = boxOf(control);
  const look = control.selected === true ? SELECTED : (LOOKS[control.type] ?? PLAIN);
  const color = control.enabled === false ? DISABLED_TEXT : look.text;
  const box = `<rect x="${left + 1}" y="${top + 1}" width="${width - 2}" height="${height - 2}" rx="3" fill="${look.fill}" stroke="${look.stroke}"/>`;
  const y = top + Math.min(height / 2, 24) + FONT_SIZE / 3;
  return box + label(fit(control.name, width - 8), { x: left + 5, y, fill: color });
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

/** As much of a text as fits into `width` pixels. */
function fit(text: string, width: number): string {
  const room = Math.max(1, Math.floor(width / CHARACTER_WIDTH));
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join('')}…`;
}

const XML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => XML_ENTITIES[character] ?? character);
}
