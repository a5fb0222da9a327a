/** Episodes as text: JSON with a version, bounded in size, checked when read, because other processes write it too. */
import { z } from 'zod';
import { GatewayError, STATUSES } from '../../runtime/index.ts';
import type { Episode } from './episode.ts';

/** Gateways that do not know a version refuse the episode: better than to lose what they do not know. */
const FORMAT = 1;
/** In UTF-16 units. Outcomes are long texts; what an agent sends takes a hundredth of this. */
export const MAX_RECORD = 1 << 19;

const control = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  rect: z.tuple([z.number(), z.number(), z.number(), z.number()]).exactOptional(),
  automationId: z.string().exactOptional(),
  enabled: z.boolean().exactOptional(),
  selected: z.boolean().exactOptional(),
});

const action = z.object({
  thought: z.string(),
  controlId: z.string(),
  controlName: z.string(),
  function: z.string(),
  args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  status: z.enum(STATUSES),
  plan: z.array(z.string()),
});

const setting = z.object({
  processName: z.string(),
  document: z.object({ id: z.string(), name: z.string() }).exactOptional(),
  textBefore: z.string().exactOptional(),
});

const step = z.object({
  step: z.number().int().min(1),
  requestId: z.string(),
  action,
  control: control.exactOptional(),
  setting: setting.exactOptional(),
  observationHash: z.string(),
  resultStatus: z.enum(['success', 'failure', 'skipped', 'undone', 'none']),
  error: z.string(),
  result: z.string(),
  observedChange: z.string(),
  createTimeMs: z.number(),
});

const episode: z.ZodType<Episode> = z.object({
  sessionId: z.string(),
  owner: z.string(),
  userRequest: z.string(),
  app: z.object({ processName: z.string(), windowTitle: z.string() }),
  state: z.enum(['active', 'ended']),
  outcome: z.string(),
  comment: z.string(),
  plan: z.array(z.string()),
  steps: z.array(step),
  observations: z.array(z.string()),
  createTimeMs: z.number(),
  updateTimeMs: z.number(),
});

export type EpisodeRecord = { readonly text: string /** What the text says. */; readonly episode: Episode };

/** Drops the oldest steps until the rest fits. */
export function encodeEpisode(whole: Episode): EpisodeRecord {
  let episode = whole;
  for (;;) {
    const text = JSON.stringify({ format: FORMAT, episode });
    if (text.length <= MAX_RECORD || episode.steps.length <= 1) return { text, episode };
    episode = { ...episode, steps: episode.steps.slice(Math.ceil(episode.steps.length / 4)) };
  }
}

/** Throws `internal` for text that no gateway has written, `failed_precondition` for that of a later one. */
export function decodeEpisode(text: string): Episode {
  let parsed: { readonly format?: unknown; readonly episode?: unknown } | null;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('internal', 'a stored episode is not JSON', { cause });
  }
  if (typeof parsed?.format === 'number' && parsed.format > FORMAT) {
    const message = 'session_id: a later version of the gateway has written this episode';
    throw new GatewayError('failed_precondition', message, { field: 'session_id' });
  }
  const result = episode.safeParse(parsed?.episode);
  if (parsed?.format === FORMAT && result.success) return result.data;
  throw new GatewayError('internal', 'a stored episode is not readable', { cause: result.error });
}
