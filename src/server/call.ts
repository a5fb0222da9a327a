/** One call of an rpc, from arrival to outcome: what the dispatcher, the hooks and the use cases share. */
import type { Reward, Runtime, Timing, Usage } from '../runtime/index.ts';
import type { Episodes } from './episodes/episodes.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { PredictHook } from './predict-hooks.ts';
import type { RequestScope } from './request-scope.ts';
import type { RequestLimits } from './requests/limits.ts';
import type { ClientCertificate } from './security/certificates.ts';
import type { Principal } from './security/principal.ts';

/** What a caller must be allowed to do: ask models, change what is loaded, read metrics. */
export type Permission = 'predict' | 'operate' | 'scrape';

/** Where a call came from, whatever the protocol. */
export type Origin = {
  readonly protocol: 'http' | 'grpc';
  /** An HTTP header or gRPC metadata entry, by its name in lower case; undefined if the client sent none. */
  readonly header: (name: string) => string | undefined;
  /** The other end of the connection, `host:port`; empty when it is gone. */
  readonly peer: string;
  /** The certificate that the other end presented, if a known authority vouches for it. */
  readonly certificate?: () => ClientCertificate | undefined;
};

/** The gateway's parts that use cases need. */
export type Services = {
  readonly lifecycle: Lifecycle;
  readonly limits: RequestLimits;
  readonly episodes: Episodes;
  /** In the order in which they take part. */
  readonly predictHooks: readonly PredictHook[];
};

/** What becomes known of a call on its way, for metrics and logs. */
export type CallReport = {
  /** As the client named it until it is decided which is asked; empty: none named, or the method asks none. */
  model: string;
  /** Empty until it is decided. */
  version: string;
  /** What SetLabel is asked for. */
  label?: { readonly label: string; readonly share: number };
  /** What a model has done for it. */
  work?: Work;
  /** When it was let in, and when it asked a model; points on `monotonicMs`, absent until then. */
  admittedMs?: number;
  askedMs?: number;
  /** Rules of the policy that kept controls or functions from the model. */
  withheldBy?: readonly string[];
  /** When what the model chose was judged, on the same clock. */
  policyMs?: { readonly start: number; readonly end: number };
  /** Its place in a distributed trace; absent: it has none. */
  trace?: TraceRef;
};

/** As in W3C trace context. */
export type TraceRef = {
  readonly traceId: string;
  readonly spanId: string;
  /** True: this gateway records the span and sends it to a collector. */
  readonly isRecorded: boolean;
};

export type Work = {
  readonly usage?: Usage;
  readonly timing: Partial<Timing>;
  /** Of the actions that were asked about, and of the candidates, where a reward model looked at them. */
  readonly rewards?: readonly Reward[];
  readonly candidates?: readonly { readonly reward?: Reward }[];
};

export type Call = {
  /** Name of the rpc. */
  readonly rpc: string;
  readonly permission: Permission;
  readonly origin: Origin;
  /** Its request id, its deadline, and the signal that ends it early. */
  readonly scope: RequestScope;
  /** Who calls; found out by the gates, undefined where none of them does. */
  principal?: Principal;
  readonly services: Services;
  readonly report: CallReport;
  /** Throws `unavailable` unless the gateway is ready. */
  readonly runtime: Runtime;
  /** To be called once the priority is known; throws `overloaded` when there is no room for one that can wait. */
  readonly checkPriority: (priority: number) => void;
  /**
   * Makes another call, of a unary rpc, on behalf of this one: with its origin, a deadline and an outcome of its own.
   * It ends early when this one does. `requestId` is its id where the message has none; by default one is made.
   */
  readonly invoke: (rpc: string, message: object, requestId?: string) => Promise<object>;
};
