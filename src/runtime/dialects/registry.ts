/** Dialects by the names that lam.json gives them. */
import { GatewayError } from '../errors.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import { CompactDialect } from './compact-dialect.ts';
import type { Dialect } from './dialect.ts';
import { JsonDialect } from './json-dialect.ts';
import { PlanDialect } from './plan-dialect.ts';
import { RewardDialect } from './reward-dialect.ts';

type Dialects<D> = Readonly<Record<string, new (tokenizer: SegmentTokenizer) => D>>;

const ACTION_DIALECTS: Dialects<Dialect> = { compact: CompactDialect, json: JsonDialect };
const PLAN_DIALECTS: Dialects<PlanDialect> = { compact: PlanDialect };
const REWARD_DIALECTS: Dialects<RewardDialect> = { compact: RewardDialect };

/** For a model of role `action`. Throws `GatewayError` (`unavailable`) for an unknown name or a tokenizer that does not fit. */
export function createDialect(name: string, tokenizer: SegmentTokenizer): Dialect {
  return create(ACTION_DIALECTS, 'an action', { name, tokenizer });
}

/** For a model of role `plan`; throws as {@link createDialect} does. */
export function createPlanDialect(name: string, tokenizer: SegmentTokenizer): PlanDialect {
  return create(PLAN_DIALECTS, 'a plan', { name, tokenizer });
}

/** For a model of role `reward`; throws as {@link createDialect} does. */
export function createRewardDialect(name: string, tokenizer: SegmentTokenizer): RewardDialect {
  return create(REWARD_DIALECTS, 'a reward', { name, tokenizer });
}

type Wanted = { readonly name: string; readonly tokenizer: SegmentTokenizer };

function create<D>(dialects: Dialects<D>, role: string, { name, tokenizer }: Wanted): D {
  const Dialect = Object.hasOwn(dialects, name) ? dialects[name] : undefined;
  if (Dialect !== undefined) return new Dialect(tokenizer);
  const known = Object.keys(dialects).join(', ');
  throw new GatewayError('unavailable', `dialect: ${role} model cannot speak ${JSON.stringify(name)}; known: ${known}`);
}
