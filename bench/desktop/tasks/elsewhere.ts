/** What users ask of a word processor that only other applications do. */
import type { ValueSplit } from './draw.ts';

type Wishes = { readonly actions: readonly string[]; readonly things: readonly string[] };

export const ELSEWHERE: Readonly<Record<ValueSplit, readonly Wishes[]>> = {
  train: [
    {
      actions: ['insert', 'add', 'create', 'build'],
      things: ['a pivot table', 'a new worksheet', 'a slicer', 'a slide', 'a slide transition', 'an animation'],
    },
    {
      actions: ['play', 'start', 'stop', 'pause'],
      things: ['some music', 'the slide show', 'the video call', 'a song'],
    },
    {
      actions: ['open', 'go to', 'visit', 'reload'],
      things: ['the web browser', 'a web page', 'my inbox', 'the online shop', 'the task manager'],
    },
    {
      actions: ['reply to', 'forward', 'archive', 'flag'],
      things: ['the last email', 'the message from my boss', 'this mail', 'the meeting invitation'],
    },
    {
      actions: ['book', 'find', 'order', 'cancel'],
      things: ['a flight', 'a hotel room', 'a taxi', 'a table in a restaurant', 'a meeting room'],
    },
    {
      actions: ['freeze', 'hide', 'recalculate', 'filter'],
      things: ['the top row of the sheet', 'column B', 'the worksheet', 'the cells of the sheet'],
    },
    { actions: ['restart', 'shut down', 'lock', 'update'], things: ['the computer', 'Windows', 'the laptop'] },
    { actions: ['take', 'record', 'crop'], things: ['a photo with the camera', 'a video', 'a voice memo'] },
    {
      actions: ['check', 'show', 'tell me'],
      things: ['the weather forecast', 'the stock price', 'the news', 'the time in Tokyo'],
    },
  ],
  test: [
    { actions: ['insert', 'create'], things: ['a pivot chart', 'a slide layout', 'a new workbook'] },
    { actions: ['play', 'stop'], things: ['the next song', 'the video'] },
    { actions: ['open', 'go to'], things: ['the mail inbox', 'the web shop', 'the browser'] },
    { actions: ['reply to', 'forward'], things: ['the email from my boss', 'the last message'] },
    { actions: ['book', 'order'], things: ['a train ticket', 'a hotel', 'a pizza'] },
    { actions: ['freeze', 'filter'], things: ['the first column of the sheet', 'row 3 of the worksheet'] },
    { actions: ['restart', 'update'], things: ['my laptop', 'this computer'] },
    { actions: ['check', 'tell me'], things: ['the weather', 'the time in London', 'the traffic'] },
  ],
};
