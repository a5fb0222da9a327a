/** Tasks about the file: saving, exporting, printing, properties, undo. */
import type { WordDocument } from '../document.ts';
import { fill, onWindow, press } from '../goals.ts';
import { fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('file');

const FORMATS = [
  { ext: '.pdf', word: 'PDF' },
  { ext: '.txt', word: 'plain text' },
  { ext: '.rtf', word: 'RTF' },
  { ext: '.html', word: 'HTML' },
  { ext: '.docx', word: 'Word' },
  { ext: '.xps', word: 'XPS' },
];

const copy = (path: string) => (document: WordDocument) => {
  document.file.copies.push(path);
};

/** A text field of the backstage's Info page. */
const propertyTask = (name: string, properties: readonly string[], heldOut: boolean): Template =>
  template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      '@set the <property> property (of the file|of the document|) to {=value}',
      '@add {=value} as the <property> in the file properties',
      'give the file the <property> {=value}',
      'write {=value} into the <property> of the file info',
      '!the <property> of the file should be {=value}',
    ],
    test: [
      'put {=value} as <property> into the file properties',
      '!I want {=value} as the <property> of the file',
      'let the <property> of the file be {=value}',
    ],
    create: (draw) => {
      const property = draw.pick(properties);
      const value = draw.text();
      return {
        slots: { property: property.toLowerCase(), value },
        goals: [fill(`Info page/${property}`, value)],
        edit: (d) => {
          d.properties[property] = value;
        },
      };
    },
  });

export const fileTasks: readonly Template[] = [
  template('save-document', NOTHING_SELECTED, {
    train: [
      'save the document',
      'save my work',
      'save the file',
      'save the changes',
      'keep the document by saving it',
      'save it now',
      'save everything',
      'store the document',
    ],
    test: ['keep my changes by saving', '!the document should be saved', 'save everything now'],
    create: () => ({
      slots: {},
      goals: [press('Title Bar/Save')],
      edit: (d) => {
        d.file.saves++;
      },
    }),
  }),
  template('export-document', NOTHING_SELECTED, {
    train: [
      'save the document as a <format> file named {=name}',
      'export the document to <format> as {=name}',
      'save a <format> copy called {=name}',
      'export it as <format> with the name {=name}',
      'store the document in <format> format under the name {=name}',
      'produce a <format> copy called {=name}',
      'write a <format> file {=name}',
      'save this as {=name} in <format> format',
    ],
    test: [
      'store a <format> version under the name {=name}',
      'produce a <format> file called {=name}',
      '!I need the document as <format>, named {=name}',
    ],
    create: (draw) => {
      const { ext, word } = draw.pick(FORMATS);
      const name = draw.identifier();
      return {
        slots: { format: word, name },
        goals: [onWindow('save_as', { file_name: name, file_ext: ext })],
        edit: copy(`/${name}${ext}`),
      };
    },
  }),
  template('save-to-folder', NOTHING_SELECTED, {
    train: [
      'save the document as {=name} in the folder {=folder}',
      'save a copy named {=name} to {=folder}',
      'store the file as {=name} under {=folder}',
      'put a copy of the document named {=name} into {=folder}',
      'write the file {=name} to the folder {=folder}',
      'export the document to {=folder} as {=name}',
    ],
    test: [
      'put a copy called {=name} into {=folder}',
      'write the document to {=folder} with the name {=name}',
      '!I need a copy in {=folder}, named {=name}',
    ],
    create: (draw) => {
      const name = draw.identifier();
      const directory = draw.path();
      return {
        slots: { name, folder: directory },
        goals: [onWindow('save_as', { file_dir: directory, file_name: name, file_ext: '.docx' })],
        edit: copy(`${directory}/${name}.docx`),
      };
    },
  }),
  template('wait-and-save', NOTHING_SELECTED, {
    train: [
      'wait <seconds> seconds, then save',
      'wait for <seconds> seconds and save the document',
      'pause <seconds> seconds and then save the file',
      'hold on <seconds> seconds, then save',
      'after <seconds> seconds have passed, save the document',
      'delay saving the document by <seconds> seconds',
      'save the document after waiting <seconds> seconds',
    ],
    test: [
      'hold on for <seconds> seconds before saving',
      'save the file once <seconds> seconds have passed',
      'delay <seconds> seconds, then save the document',
    ],
    create: (draw) => {
      const seconds = draw.number('seconds', { min: 1, max: 60 });
      return {
        slots: { seconds },
        goals: [onWindow('wait', { seconds }), press('Title Bar/Save')],
        edit: (d) => {
          d.file.saves++;
        },
      };
    },
  }),
  template('undo', NOTHING_SELECTED, {
    train: [
      'undo the last change',
      'undo',
      'take back the last edit',
      'reverse the last change',
      'go back one step',
      'step back once',
      'the last edit was wrong, take it back',
      'undo what I just did',
      'revert the last action',
    ],
    test: ['reverse the most recent change', '!the last change was a mistake, undo it', 'step back one change'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: {},
        goals: [press('Title Bar/Undo')],
        start: (desk) =>
          desk.change((d) => {
            d.header = text;
          }),
        edit: (d) => {
          d.header = '';
        },
      };
    },
  }),
  template('save-as-format', NOTHING_SELECTED, {
    train: [
      '(save|export) @document (as|to) <format>',
      '(save|make) a <format> copy of @document',
      '(save|export) it as a <format> file',
      'write @document out as <format>',
      '!I need a <format> copy',
    ],
    test: ['turn the document into a <format> file', '!I need the document as <format>', 'store it as <format>'],
    create: (draw) => {
      const { ext, word } = draw.pick(FORMATS.filter((format) => format.ext !== '.docx'));
      let fileName = '';
      return {
        slots: { format: word },
        goals: [onWindow('save_as', { file_ext: ext })],
        start: ({ clutter }) => {
          fileName = clutter.fileName;
        },
        edit: (d) => copy(`/${fileName}${ext}`)(d),
      };
    },
  }),
  template('print-copies', NOTHING_SELECTED, {
    train: [
      'print <number> copies',
      'print <number> copies of @document',
      'print @document <number> times',
      'make <number> printed copies',
      '!I need <number> printed copies',
    ],
    test: [
      'get me <number> copies from the printer',
      '!I want <number> copies printed',
      'put out <number> copies on paper',
    ],
    create: (draw) => {
      const number = draw.number('copies', { min: 2, max: 60 });
      return {
        slots: { number },
        goals: fillAndPress('Print page', { 'Copies:': String(number) }, 'Print Now'),
        edit: (d) => {
          d.file.prints.push(number);
        },
      };
    },
  }),
  propertyTask('file-title', ['Title', 'Subject'], false),
  propertyTask('file-tags', ['Tags', 'Company'], true),
  template('mark-as-final', NOTHING_SELECTED, {
    train: [
      'mark @document as final',
      '@set @document to final',
      'protect @document by marking it as final',
      'declare @document final',
      '!the document should be marked as final',
    ],
    test: ['let the document be marked as final', '!I want it marked as final', 'mark it as the final version'],
    create: () => ({
      goals: [press('Protect Document menu/Mark as Final')],
      edit: (d) => {
        d.protection = 'final';
      },
    }),
  }),
  template('save-and-close', NOTHING_SELECTED, {
    train: [
      'close (Word|the window|@document) and save (the changes|my changes|it)',
      'save the changes while closing (Word|the window)',
      'close (Word|the window) with the changes saved',
      'close @document, but save it',
      '!the window should be closed and the changes saved',
    ],
    test: [
      'leave Word and save what I changed',
      '!I want the window closed with everything saved',
      'close the window and keep the changes',
    ],
    create: () => ({
      goals: [press('Save Changes dialog/Save')],
      edit: (d) => {
        d.file.saves++;
        d.file.closed = 'saved';
      },
    }),
  }),
];
