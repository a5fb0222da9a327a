/** Edits of a document by its selection: find, format, replace. The commands of the ribbon are one-liners over these. */
import type { CharFormat, Paragraph, ParagraphFormat, Run, Selection, WordDocument } from './document.ts';
import { joinRuns, PLAIN, paragraphText } from './document.ts';

type Span = { readonly paragraph: number; readonly start: number; readonly end: number };

/** First occurrence of `text`, or null. Case matters, as in Word's exact match. */
function findText(document: WordDocument, text: string): Span | null {
  if (text === '') return null;
  for (const [paragraph, content] of document.paragraphs.entries()) {
    const start = paragraphText(content).indexOf(text);
    if (start >= 0) return { paragraph, start, end: start + text.length };
  }
  return null;
}

/** Selects the first occurrence; false when there is none. */
export function selectText(document: WordDocument, text: string): boolean {
  const span = findText(document, text);
  if (span) document.selection = { type: 'text', ...span };
  return span !== null;
}

export function selectedText(document: WordDocument): string {
  return selectedSpans(document)
    .map((span) => paragraphText(paragraphAt(document, span.paragraph)).slice(span.start, span.end))
    .join('\n');
}

/** Applies a character format to the selected text. */
export function formatText(document: WordDocument, change: Partial<CharFormat>): void {
  for (const span of selectedSpans(document)) {
    mapSpan(document, span, (run) => ({ text: run.text, format: { ...run.format, ...change } }));
  }
}

/** Applies a paragraph format to every paragraph that the selection touches. */
export function formatParagraphs(document: WordDocument, change: Partial<ParagraphFormat>): void {
  for (const index of selectedParagraphs(document)) Object.assign(paragraphAt(document, index).format, change);
}

/** Format of the first selected character; plain when nothing is selected. */
export function formatAtSelection(document: WordDocument): CharFormat {
  const span = selectedSpans(document)[0];
  if (!span) return PLAIN;
  let position = 0;
  for (const run of paragraphAt(document, span.paragraph).runs) {
    position += run.text.length;
    if (position > span.start) return run.format;
  }
  return PLAIN;
}

/** The first paragraph that the selection touches, or null. */
export function paragraphAtSelection(document: WordDocument): Paragraph | null {
  const index = selectedParagraphs(document)[0];
  return index === undefined ? null : paragraphAt(document, index);
}

/** Every selected character becomes what `change` makes of it (change case). */
export function mapSelectedText(document: WordDocument, change: (text: string) => string): void {
  for (const span of selectedSpans(document)) {
    const format = formatAtSelection(document);
    const text = change(paragraphText(paragraphAt(document, span.paragraph)).slice(span.start, span.end));
    replaceSpan(document, span, { text, format });
  }
}

/** Replaces the selection by text, as typing over it does. Without a selection the text goes to the document's end. */
export function typeText(document: WordDocument, text: string): void {
  const spans = selectedSpans(document);
  const format = formatAtSelection(document);
  for (const [i, span] of spans.entries()) replaceSpan(document, span, { text: i === 0 ? text : '', format });
  if (spans.length === 0) document.paragraphs.at(-1)?.runs.push({ text, format: { ...PLAIN } });
  document.selection = { type: 'none' };
}

/** Replaces the first occurrence; false when there is none. */
export function replaceFirst(document: WordDocument, find: string, replacement: string): boolean {
  const span = findText(document, find);
  const paragraph = span && document.paragraphs[span.paragraph];
  if (!paragraph) return false;
  replaceSpan(document, span, { text: replacement, format: formatAt(paragraph, span.start) });
  return true;
}

/** Sorts the paragraphs by their text. */
export function sortParagraphs(document: WordDocument, direction: 'ascending' | 'descending'): void {
  const sign = direction === 'ascending' ? 1 : -1;
  document.paragraphs.sort((a, b) => sign * (paragraphText(a) < paragraphText(b) ? -1 : 1));
}

/** Replaces every occurrence; returns how many there were. */
export function replaceAll(document: WordDocument, find: string, replacement: string): number {
  if (find === '') return 0;
  let count = 0;
  for (const [paragraph, content] of document.paragraphs.entries()) {
    let start = paragraphText(content).indexOf(find);
    while (start >= 0) {
      const format = formatAt(content, start);
      replaceSpan(document, { paragraph, start, end: start + find.length }, { text: replacement, format });
      count++;
      start = paragraphText(content).indexOf(find, start + replacement.length);
    }
  }
  return count;
}

export function selectedParagraphs(document: WordDocument): number[] {
  const selection: Selection = document.selection;
  switch (selection.type) {
    case 'none':
    case 'table':
      return [];
    case 'all':
      return document.paragraphs.map((_, i) => i);
    case 'text':
      return [selection.paragraph];
    case 'paragraphs':
      return document.paragraphs.map((_, i) => i).filter((i) => i >= selection.from && i <= selection.to);
  }
}

function selectedSpans(document: WordDocument): Span[] {
  const { selection } = document;
  if (selection.type === 'text') return [selection];
  return selectedParagraphs(document).map((paragraph) => ({
    paragraph,
    start: 0,
    end: paragraphText(paragraphAt(document, paragraph)).length,
  }));
}

function paragraphAt(document: WordDocument, index: number): Paragraph {
  const paragraph = document.paragraphs[index];
  if (!paragraph) throw new RangeError(`no paragraph ${index}`);
  return paragraph;
}

function formatAt(paragraph: Paragraph, offset: number): CharFormat {
  let position = 0;
  for (const run of paragraph.runs) {
    position += run.text.length;
    if (position > offset) return run.format;
  }
  return PLAIN;
}

function replaceSpan(document: WordDocument, span: Span, by: Run): void {
  let placed = false;
  mapSpan(document, span, () => {
    if (placed) return { text: '', format: by.format };
    placed = true;
    return by;
  });
}

/** Cuts runs at the span's ends and maps those inside. */
function mapSpan(document: WordDocument, span: Span, change: (run: Run) => Run): void {
  const paragraph = paragraphAt(document, span.paragraph);
  const runs: Run[] = [];
  let position = 0;
  for (const run of paragraph.runs) {
    const from = Math.min(Math.max(span.start - position, 0), run.text.length);
    const to = Math.min(Math.max(span.end - position, 0), run.text.length);
    position += run.text.length;
    runs.push({ text: run.text.slice(0, from), format: run.format });
    if (to > from) runs.push(change({ text: run.text.slice(from, to), format: run.format }));
    runs.push({ text: run.text.slice(to), format: run.format });
  }
  paragraph.runs = joinRuns(runs);
}
