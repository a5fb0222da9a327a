/** The Word document as data: text, formatting, page, view. Knows nothing of the user interface. */

export type CharFormat = {
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strikethrough: boolean;
  doubleStrikethrough: boolean;
  smallCaps: boolean;
  allCaps: boolean;
  hidden: boolean;
  script: 'none' | 'subscript' | 'superscript';
  font: string;
  /** Points. */
  size: number;
  color: string;
  highlight: string;
};

export type Run = { text: string; format: CharFormat };

export type ParagraphFormat = {
  style: string;
  alignment: 'left' | 'center' | 'right' | 'justify';
  list: 'none' | 'bullets' | 'numbering';
  /** Multiple of single spacing. */
  lineSpacing: number;
  /** Points. */
  spaceBefore: number;
  spaceAfter: number;
  /** Half inches, as the ribbon's buttons count. */
  indent: number;
  shading: string;
  border: string;
};

export type Paragraph = { runs: Run[]; format: ParagraphFormat };
export type Table = { rows: number; columns: number; alignment: 'left' | 'center' | 'right' | 'justify' };
export type Note = { anchor: string; text: string };
/** Inches. */
export type Margins = { top: number; bottom: number; left: number; right: number };

export type PageSetup = {
  orientation: 'Portrait' | 'Landscape';
  size: string;
  margins: Margins;
  columns: string;
  color: string;
  watermark: string;
  border: string;
  lineNumbers: string;
  hyphenation: string;
  breaksBefore: number[];
  blankPages: number;
  coverPage: string;
};

export type View = {
  ruler: boolean;
  gridlines: boolean;
  navigation: boolean;
  marks: boolean;
  /** Per cent. */
  zoom: number;
  mode: string;
  /** Wheel notches below the top. */
  scroll: number;
};

export type Selection =
  | { type: 'none' }
  | { type: 'all' }
  | { type: 'text'; paragraph: number; start: number; end: number }
  | { type: 'paragraphs'; from: number; to: number }
  | { type: 'table'; index: number };

export type WordDocument = {
  paragraphs: Paragraph[];
  tables: Table[];
  header: string;
  footer: string;
  pageNumber: string;
  comments: Note[];
  footnotes: Note[];
  endnotes: Note[];
  bookmarks: Note[];
  links: Note[];
  captions: string[];
  tableOfContents: string;
  trackChanges: boolean;
  /** Recorded changes that were neither accepted nor rejected. */
  revisions: number;
  page: PageSetup;
  view: View;
  file: { saves: number; copies: string[] };
  selection: Selection;
};

export const PLAIN: CharFormat = {
  bold: false,
  italic: false,
  underline: false,
  strikethrough: false,
  doubleStrikethrough: false,
  smallCaps: false,
  allCaps: false,
  hidden: false,
  script: 'none',
  font: 'Aptos',
  size: 11,
  color: 'Automatic',
  highlight: 'No Color',
};

export const BODY_TEXT: ParagraphFormat = {
  style: 'Normal',
  alignment: 'left',
  list: 'none',
  lineSpacing: 1.15,
  spaceBefore: 0,
  spaceAfter: 8,
  indent: 0,
  shading: 'No Color',
  border: 'No Border',
};

export const NORMAL_MARGINS: Margins = { top: 1, bottom: 1, left: 1, right: 1 };

/** A document of plain paragraphs; everything else as in Word's blank template. */
export function createDocument(paragraphs: readonly string[]): WordDocument {
  return {
    paragraphs: paragraphs.map((text) => ({ runs: [{ text, format: { ...PLAIN } }], format: { ...BODY_TEXT } })),
    tables: [],
    header: '',
    footer: '',
    pageNumber: '',
    comments: [],
    footnotes: [],
    endnotes: [],
    bookmarks: [],
    links: [],
    captions: [],
    tableOfContents: '',
    trackChanges: false,
    revisions: 0,
    page: {
      orientation: 'Portrait',
      size: 'Letter',
      margins: { ...NORMAL_MARGINS },
      columns: 'One',
      color: 'No Color',
      watermark: '',
      border: 'None',
      lineNumbers: 'None',
      hyphenation: 'None',
      breaksBefore: [],
      blankPages: 0,
      coverPage: '',
    },
    view: {
      ruler: false,
      gridlines: false,
      navigation: false,
      marks: false,
      zoom: 100,
      mode: 'Print Layout',
      scroll: 0,
    },
    file: { saves: 0, copies: [] },
    selection: { type: 'none' },
  };
}

export function paragraphText(paragraph: Paragraph): string {
  let text = '';
  for (const run of paragraph.runs) text += run.text;
  return text;
}

export function documentText(document: WordDocument): string {
  return document.paragraphs.map(paragraphText).join('\n');
}

export function countWords(document: WordDocument): number {
  return documentText(document).split(/\s+/).filter(Boolean).length;
}

export function cloneDocument(document: WordDocument): WordDocument {
  return structuredClone(document);
}

/** One text per document content: equal runs joined, the selection left out. Equal strings mean equal documents. */
export function fingerprint(document: WordDocument): string {
  const { selection: _, paragraphs, ...rest } = document;
  return JSON.stringify({ ...rest, paragraphs: paragraphs.map((p) => ({ runs: joinRuns(p.runs), format: p.format })) });
}

/** Neighbouring runs of the same format become one; empty runs go. */
export function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  let lastFormat = '';
  for (const run of runs) {
    if (run.text === '') continue;
    const format = JSON.stringify(run.format);
    const last = joined.at(-1);
    if (last && format === lastFormat) last.text += run.text;
    else joined.push({ ...run });
    lastFormat = format;
  }
  return joined;
}
