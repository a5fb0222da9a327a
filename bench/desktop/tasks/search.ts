/** Tasks about finding, replacing, going to a place, and selecting. */
import type { WordDocument } from '../document.ts';
import { replaceAll, replaceFirst, selectedText } from '../editing.ts';
import { A_TEXT, fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Draw } from './draw.ts';
import type { Template } from './task.ts';

const template = templatesOf('search');

/** Another text for a planted word, by a button of the dialog. */
function replacement(draw: Draw, button: string, replace: (d: WordDocument, find: string, to: string) => unknown) {
  const find = draw.word();
  const to = draw.text();
  return {
    slots: { find, new: to },
    plants: [find],
    goals: fillAndPress('Replace dialog', { 'Find what:': find, 'Replace with:': to }, button),
    edit: (d: WordDocument) => {
      replace(d, find, to);
    },
  };
}

export const searchTasks: readonly Template[] = [
  template('find-and-replace', NOTHING_SELECTED, {
    train: [
      'replace {find} (with|by) {new}',
      'replace (all|every|each) (occurrence|occurrences|instance) of {find} (with|by) {new}',
      'find {find} and replace it with {new}',
      'find (all|every|each) {find} and put {new} there instead',
      'use {new} instead of {find} everywhere',
      'put {new} for {find} everywhere',
      '!wherever it says {find} it should say {new}',
      'substitute {new} for {find} everywhere',
      'exchange all {find} for {new}',
      'change every {find} to {new}',
      'swap {find} for {new} in the whole document',
    ],
    test: ['exchange {find} for {new} everywhere', 'replace each {find} by {new}', '!every {find} should become {new}'],
    create: (draw) => replacement(draw, 'Replace All', replaceAll),
  }),
  template('replace-first', NOTHING_SELECTED, {
    train: [
      'replace (only the first|just the first|the first) {find} (with|by) {new}',
      'replace the first (occurrence|instance) of {find} (with|by) {new}',
      'find {find} and replace it once (with|by) {new}',
      'put {new} in place of the first {find} only, with replace',
      '!only the first {find} should be replaced (with|by) {new}',
    ],
    test: [
      'replace {find} once with {new}',
      '!just the first {find} should be replaced with {new}',
      'use replace on the first {find} to get {new}',
    ],
    create: (draw) => replacement(draw, 'Replace (Button)', replaceFirst),
  }),
  template('find-text', NOTHING_SELECTED, {
    train: [
      'find {text}',
      'find {text} in @document',
      'search for {text}',
      'search @document for {text}',
      'look for {text}',
      'find the (next|first) {text}',
    ],
    test: ['look for the next {text}', '!I need to find {text}', 'search the text for {text}'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: fillAndPress('Find dialog', { 'Find what:': text }, 'Find Next'),
        verify: ({ document }) => selectedText(document) === text,
      };
    },
  }),
  template('go-to-page', NOTHING_SELECTED, {
    train: [
      'go to page <number>',
      'jump to page <number>',
      'take me to page <number>',
      'use go to for page <number>',
      '!I want to be on page <number>',
    ],
    test: ['move on to page <number>', '!show me page <number>', 'go over to page number <number>'],
    create: (draw) => {
      const number = draw.number('page', { min: 2, max: 60 });
      return {
        slots: { number },
        goals: fillAndPress('Go To dialog', { 'Enter page number:': String(number) }, 'Next'),
        edit: (d) => {
          d.view.page = number;
        },
      };
    },
  }),
  template('select-text', A_TEXT, {
    train: [
      'select {text}',
      'mark {text}',
      'select the place that says {text}',
      'find and select {text}',
      'move the selection to the place with {text}',
      'pick {text}',
      'put the selection on {text}',
    ],
    test: ['pick out {text} as the selection', '!{text} should be selected', 'move the selection to {text}'],
    create: (_, text) => ({ goals: [], verify: ({ document }) => selectedText(document) === text }),
  }),
];
