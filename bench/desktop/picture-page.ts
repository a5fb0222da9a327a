/** The page of a picture: paragraphs with their formatting, and the selection behind them. */
import type { CharFormat } from './document.ts';
import type { ShownParagraph, ShownRun } from './shown-document.ts';

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
type PageText = { readonly documentText?: string; readonly document?: readonly ShownParagraph[] };

/** Average advance of a character of the interface's font, in pixels. */
const CHARACTER_WIDTH = 6.2;
const MARGIN = { side: 40, top: 44 };
const LINE_HEIGHT = 28;
const INDENT = 24;
/** Pixels of a document's point, and of a character of one point. */
const POINT = 1.2;
const ADVANCE = 0.5;
const ANCHORS = { left: 'start', justify: 'start', center: 'middle', right: 'end' } as const;
/** Word's colour names that are not CSS's. */
const CSS_COLORS: Readonly<Record<string, string>> = {
  Automatic: '#25292e',
  'Bright Green': '#00ff00',
  'Gray-50%': '#808080',
  'Gray-25%': '#c0c0c0',
  'Dark Yellow': '#808000',
};
const SELECTION = '#b9d3f5';

const cssColor = (name: string): string => CSS_COLORS[name] ?? name.toLowerCase().replaceAll(' ', '');

export function drawPage(box: Box, { document, documentText = '' }: PageText): string[] {
  const { left, top, width } = box;
  const paper = `<rect x="${left + 12}" y="${top + 12}" width="${width - 24}" height="${box.height - 24}" fill="#ffffff" stroke="#d9dde2"/>`;
  if (document) return [paper, ...document.flatMap((paragraph, i) => drawParagraph(paragraph, lineOf(box, i)))];
  if (documentText === '') return [paper];
  const lines = documentText.split('\n').map((text, i) => {
    const { left: x, y } = lineOf(box, i);
    return `<text x="${x}" y="${y}" fill="#25292e">${escapeXml(fit(text, width - 2 * MARGIN.side))}</text>`;
  });
  return [paper, ...lines];
}

type Line = { readonly left: number; readonly right: number; readonly y: number };

const lineOf = ({ left, top, width }: Box, index: number): Line => ({
  left: left + MARGIN.side,
  right: left + width - MARGIN.side,
  y: top + MARGIN.top + 16 + index * LINE_HEIGHT,
});

/** One line: what does not fit is cut, because pictures show states and not typesetting. */
function drawParagraph({ runs, format, bullet }: ShownParagraph, { left, right, y }: Line): string[] {
  const from = left + format.indent * INDENT + (bullet === '' ? 0 : INDENT);
  const widths = runs.map(({ text, format: { size } }) => text.length * size * POINT * ADVANCE);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const room = right - from;
  const scale = Math.min(1, room / Math.max(1, total));
  const spare = Math.max(0, room - total * scale);
  const offset = { start: 0, middle: spare / 2, end: spare }[ANCHORS[format.alignment]];
  const parts: string[] = [];
  if (format.shading !== 'No Color') {
    parts.push(
      `<rect x="${left}" y="${y - 16}" width="${right - left}" height="22" fill="${cssColor(format.shading)}"/>`,
    );
  }
  if (bullet !== '') parts.push(`<text x="${from - INDENT}" y="${y}" fill="#25292e">${bullet}</text>`);
  let x = from + offset;
  for (const [i, run] of runs.entries()) {
    const width = (widths[i] ?? 0) * scale;
    parts.push(drawRun(run, { x, y, width }));
    x += width;
  }
  if (format.border !== 'No Border') {
    parts.push(`<line x1="${left}" y1="${y + 7}" x2="${right}" y2="${y + 7}" stroke="#25292e"/>`);
  }
  return parts;
}

function drawRun(
  { text, format, isSelected }: ShownRun,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): string {
  const behind = isSelected ? SELECTION : format.highlight === 'No Color' ? '' : cssColor(format.highlight);
  const size = Math.min(22, format.size * POINT);
  const mark = behind === '' ? '' : `<rect x="${x}" y="${y - 15}" width="${width}" height="20" fill="${behind}"/>`;
  const shown = format.allCaps || format.smallCaps ? text.toUpperCase() : text;
  return `${mark}<text x="${x}" y="${y + shift(format)}" fill="${cssColor(format.color)}" font-size="${size}" textLength="${Math.max(1, width)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${styleOf(format)}>${escapeXml(shown)}</text>`;
}

const shift = ({ script }: CharFormat): number => ({ none: 0, subscript: 4, superscript: -5 })[script];

function styleOf(format: CharFormat): string {
  const lines = [
    ...(format.underline ? ['underline'] : []),
    ...(format.strikethrough || format.doubleStrikethrough ? ['line-through'] : []),
  ];
  return [
    ` font-family="${escapeXml(format.font)}, Arial, sans-serif"`,
    format.bold ? ' font-weight="bold"' : '',
    format.italic ? ' font-style="italic"' : '',
    lines.length > 0 ? ` text-decoration="${lines.join(' ')}"` : '',
    format.hidden ? ' opacity="0.3"' : '',
  ].join('');
}

/** As much of a text as fits into `width` pixels. */
export function fit(text: string, width: number): string {
  const room = Math.max(1, Math.floor(width / CHARACTER_WIDTH));
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join('')}…`;
}

const XML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => XML_ENTITIES[character] ?? character);
}
