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
  /** Text effect, such as `Shadow`. */
  effect: string;
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
  indentRight: number;
  keepWithNext: boolean;
  keepLines: boolean;
  pageBreakBefore: boolean;
  suppressLineNumbers: boolean;
  dropCap: string;
  shading: string;
  border: string;
};

export type Paragraph = { runs: Run[]; format: ParagraphFormat };

export type Table = {
  rows: number;
  columns: number;
  alignment: 'left' | 'center' | 'right' | 'justify';
  style: string;
  autoFit: string;
  /** Rows and columns that the style sets off, and whether the first row is repeated on each page. */
  options: Record<TableOption, boolean>;
  /** Inches; 0 is automatic. */
  rowHeight: number;
  columnWidth: number;
};
export type TableOption =
  | 'headerRow'
  | 'totalRow'
  | 'bandedRows'
  | 'firstColumn'
  | 'lastColumn'
  | 'bandedColumns'
  | 'repeatHeader';
export type Note = { anchor: string; text: string };
/** Inches. */
export type Margins = { top: number; bottom: number; left: number; right: number };

/** Anything that is put into the document beside text: a shape, a chart, an equation. */
export type Item = { kind: string; name: string };

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
  sectionBreaks: string[];
  blankPages: number;
  coverPage: string;
  theme: string;
  paragraphSpacing: string;
  differentFirstPage: boolean;
  differentOddEven: boolean;
  /** Inches. */
  gutter: number;
  headerDistance: number;
  footerDistance: number;
  width: number;
  height: number;
};

export type View = {
  ruler: boolean;
  gridlines: boolean;
  navigation: boolean;
  marks: boolean;
  /** Per cent. */
  zoom: number;
  /** How the zoom follows the window, such as `Page Width`; empty for a fixed zoom. */
  zoomFit: string;
  mode: string;
  split: boolean;
  comments: boolean;
  reviewingPane: boolean;
  markup: string;
  /** Wheel notches below the top. */
  scroll: number;
  /** Page that the Go To dialog went to; 0 before. */
  page: number;
};

/** What has left the document: none of it can be undone. */
export type FileState = {
  saves: number;
  copies: string[];
  /** Copies on paper, one number per print job. */
  prints: number[];
  sent: string[];
  /** How the window was closed; empty while it is open. */
  closed: string;
  deleted: string[];
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
  items: Item[];
  indexEntries: Note[];
  tableOfContents: string;
  tableOfFigures: string;
  index: string;
  bibliography: string;
  /** Title, tags and the like. */
  properties: Record<string, string>;
  language: string;
  protection: string;
  clipboard: string;
  trackChanges: boolean;
  /** Recorded changes that were neither accepted nor rejected. */
  revisions: number;
  page: PageSetup;
  view: View;
  file: FileState;
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
  effect: 'None',
};

export const BODY_TEXT: ParagraphFormat = {
  style: 'Normal',
  alignment: 'left',
  list: 'none',
  lineSpacing: 1.15,
  spaceBefore: 0,
  spaceAfter: 8,
  indent: 0,
  indentRight: 0,
  keepWithNext: false,
  keepLines: false,
  pageBreakBefore: false,
  suppressLineNumbers: false,
  dropCap: 'None',
  shading: 'No Color',
  border: 'No Border',
};

export function createTable(rows: number, columns: number): Table {
  return {
    rows,
    columns,
    alignment: 'left',
    style: 'Table Grid',
    autoFit: 'Fixed Column Width',
    options: {
      headerRow: true,
      totalRow: false,
      bandedRows: true,
      firstColumn: true,
      lastColumn: false,
      bandedColumns: false,
      repeatHeader: false,
    },
    rowHeight: 0,
    columnWidth: 0,
  };
}

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
    items: [],
    indexEntries: [],
    tableOfContents: '',
    tableOfFigures: '',
    index: '',
    bibliography: '',
    properties: {},
    language: 'English (United States)',
    protection: '',
    clipboard: '',
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
      sectionBreaks: [],
      blankPages: 0,
      coverPage: '',
      theme: 'Office Theme',
      paragraphSpacing: 'Default',
      differentFirstPage: false,
      differentOddEven: false,
      gutter: 0,
      headerDistance: 0.5,
      footerDistance: 0.5,
      width: 8.5,
      height: 11,
    },
    view: {
      ruler: false,
      gridlines: false,
      navigation: false,
      marks: false,
      zoom: 100,
      zoomFit: '',
      mode: 'Print Layout',
      split: false,
      comments: true,
      reviewingPane: false,
      markup: 'Simple Markup',
      scroll: 0,
      page: 0,
    },
    file: { saves: 0, copies: [], prints: [], sent: [], closed: '', deleted: [] },
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
