/** Tasks that attach something to a text: comments, footnotes, endnotes, bookmarks, links. */
import type { WordDocument } from '../document.ts';
import { fill } from '../goals.ts';
import { A_TEXT, fillAndPress, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('note');

type NoteList = 'comments' | 'footnotes' | 'endnotes' | 'bookmarks' | 'links';
const note = (list: NoteList, anchor: string, text: string) => (document: WordDocument) => {
  document[list].push({ anchor, text });
};

const noteTask = (list: 'footnotes' | 'endnotes', label: 'Footnote' | 'Endnote'): Template => {
  const word = label.toLowerCase();
  return template(`insert-${word}`, A_TEXT, {
    train: [
      `add a ${word} {=note} to {text}`,
      `insert a ${word} saying {=note} at {text}`,
      `put a ${word} on {text} that says {=note}`,
      `attach the ${word} {=note} to {text}`,
      `add to {text} a ${word} with the content {=note}`,
      `create the ${word} {=note} on {text}`,
      `give {text} a ${word} that reads {=note}`,
    ],
    test: [
      `give {text} the ${word} {=note}`,
      `create a ${word} reading {=note} for {text}`,
      `!{text} needs a ${word} that says {=note}`,
    ],
    create: (draw, text) => {
      const content = draw.text();
      return {
        slots: { note: content },
        goals: [fill(`${label} editor/${label} text`, content)],
        edit: note(list, text, content),
      };
    },
  });
};

export const noteTasks: readonly Template[] = [
  template('insert-comment', A_TEXT, {
    train: [
      'add a comment {=note} to {text}',
      'comment on {text} with {=note}',
      'add the comment {=note} at {text}',
      'insert a comment saying {=note} on {text}',
      'attach the comment {=note} to {text}',
      'leave a comment {=note} at {text}',
      'write the comment {=note} on {text}',
      'put a comment on {text} that says {=note}',
    ],
    test: [
      'leave the comment {=note} on {text}',
      'write a comment {=note} for {text}',
      '!{text} needs a comment that says {=note}',
    ],
    create: (draw, text) => {
      const content = draw.text();
      return {
        slots: { note: content },
        goals: fillAndPress('Comment editor', { 'Start a conversation': content }, 'Post comment'),
        edit: note('comments', text, content),
      };
    },
  }),
  template('insert-bookmark', A_TEXT, {
    train: [
      'bookmark {text} as {=name}',
      'add a bookmark named {=name} to {text}',
      'insert the bookmark {=name} at {text}',
      'create a bookmark called {=name} for {text}',
      'give {text} a bookmark named {=name}',
      'put the bookmark {=name} on {text}',
      'set a bookmark {=name} on {text}',
    ],
    test: [
      'put a bookmark with the name {=name} on {text}',
      'give {text} the bookmark {=name}',
      '!{text} needs a bookmark called {=name}',
    ],
    create: (draw, text) => {
      const name = draw.identifier();
      return {
        slots: { name },
        goals: fillAndPress('Bookmark dialog', { 'Bookmark name:': name }, 'Add'),
        edit: note('bookmarks', text, name),
      };
    },
  }),
  template('insert-link', A_TEXT, {
    train: [
      'link {text} to {=address}',
      'add a hyperlink to {=address} on {text}',
      'make {text} a link to {=address}',
      'insert a link from {text} to {=address}',
      'let {text} link to {=address}',
      'point {text} to {=address}',
      'turn {text} into a hyperlink to {=address}',
    ],
    test: ['hyperlink {text} to {=address}', 'let {text} point to {=address}', '!{text} should link to {=address}'],
    create: (draw, text) => {
      const address = draw.webAddress();
      return {
        slots: { address },
        goals: fillAndPress('Hyperlink dialog', { 'Address:': address }, 'OK'),
        edit: note('links', text, address),
      };
    },
  }),
  noteTask('footnotes', 'Footnote'),
  noteTask('endnotes', 'Endnote'),
];
