import type { RestartPolicy } from './restartPolicy';

/** A started server that answers. */
export interface RunningServer {
  /** Settles when the process is gone, with a short reason for the log. */
  readonly ended: Promise<string>;
  /** Any request that a server in good health answers at once. */
  ping(): Promise<unknown>;
  /** Ends it in order, as the user closes the editor. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export type ServerState =
  | { kind: 'stopped' }
  | { kind: 'starting' }
  | { kind: 'running' }
  | { kind: 'restarting'; afterMs: number }
  | { kind: 'failed'; message: string; error: unknown };

/** Time, so that a test can turn the clock. */
export interface Clock {
  now(): number;
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

export interface SupervisorOptions {
  /** Starts the server; rejects where it can't be started at all, which is not tried again. */
  launch: () => Promise<RunningServer>;
  policy: RestartPolicy;
  clock?: Clock;
  onState: (state: ServerState) => void;
  log: (message: string) => void;
  /** How long a server has for the first answer. */
  startTimeoutMs?: number;
  heartbeatMs?: number;
  /** How long a ping may take; two in a row that take longer mean that the server hangs. */
  pingTimeoutMs?: number;
}

/** A start that may go better the next time: the process ended or fell silent before it was ready. */
export class ServerCrashedError extends Error {
  override name = 'ServerCrashedError';
}

/** Keeps one server running: starts it, watches its heart, kills what hangs, starts again what crashed, and gives up in the end. */
export class ServerSupervisor {
  private readonly clock: Clock;
  private readonly startTimeoutMs: number;
  private readonly heartbeatMs: number;
  private readonly pingTimeoutMs: number;
  private current: RunningServer | undefined;
  private cancelTimer: () => void = () => {};
  /** Counts the starts; whatever belongs to an earlier one is ignored. */
  private generation = 0;
  private starting: Promise<void> | undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.clock = options.clock ?? systemClock;
    this.startTimeoutMs = options.startTimeoutMs ?? 30_000;
    this.heartbeatMs = options.heartbeatMs ?? 30_000;
    this.pingTimeoutMs = options.pingTimeoutMs ?? 15_000;
  }

  /** Starts the server, or starts it anew; settles when it runs, waits for its next start, or has failed. */
  start(): Promise<void> {
    this.starting ??= this.startAnew().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Ends the server; it stays ended. */
  async stop(): Promise<void> {
    this.options.onState({ kind: 'stopped' });
    await this.end();
  }

  private async startAnew(): Promise<void> {
    this.options.policy.forget();
    this.options.onState({ kind: 'starting' });
    await this.end();
    await this.attempt();
  }

  private async end(): Promise<void> {
    this.generation++;
    this.cancelTimer();
    const server = this.current;
    this.current = undefined;
    if (!server) return;
    try {
      await server.stop();
    } catch (error) {
      this.options.log(`The server did not stop in order (${text(error)}); it is killed.`);
      server.kill();
    }
  }

  private async attempt(): Promise<void> {
    const generation = ++this.generation;
    let server: RunningServer | undefined;
    try {
      server = await this.options.launch();
      if (generation !== this.generation) {
        server.kill();
        return;
      }
      this.current = server;
      const ended = server.ended.then((reason) => {
        throw new ServerCrashedError(reason);
      });
      ended.catch(() => {});
      await Promise.race([this.answer(server, this.startTimeoutMs), ended]);
    } catch (error) {
      if (generation !== this.generation) return;
      server?.kill();
      if (server !== undefined || error instanceof ServerCrashedError) this.crashed(text(error));
      else this.options.onState({ kind: 'failed', message: text(error), error });
      return;
    }
    if (generation !== this.generation) {
      server.kill();
      return;
    }

    this.options.onState({ kind: 'running' });
    this.watch(server, generation, 0);
    void server.ended.then((reason) => {
      if (generation !== this.generation) return;
      this.cancelTimer();
      this.crashed(reason);
    });
  }

  private watch(server: RunningServer, generation: number, missed: number): void {
    this.cancelTimer = this.clock.after(this.heartbeatMs, () => {
      this.answer(server, this.pingTimeoutMs).then(
        () => generation === this.generation && this.watch(server, generation, 0),
        (error: unknown) => {
          if (generation !== this.generation) return;
          this.options.log(`Heartbeat: ${text(error)}`);
          // A machine that wakes from sleep lets one timer run out for nothing.
          if (missed === 0) {
            this.watch(server, generation, 1);
            return;
          }
          server.kill();
          this.crashed('It hung and was killed.');
        },
      );
    });
  }

  private crashed(reason: string): void {
    this.current = undefined;
    const generation = ++this.generation;
    const decision = this.options.policy.crashed(this.clock.now());
    if (decision === 'giveUp') {
      const message = `CodeTuner's server ended several times within a few minutes and is not started again. ${reason}`;
      this.options.onState({ kind: 'failed', message, error: new ServerCrashedError(reason) });
      return;
    }

    this.options.log(`The server ended. ${reason} It is started again in ${decision.restartAfterMs / 1000} s.`);
    this.options.onState({ kind: 'restarting', afterMs: decision.restartAfterMs });
    this.cancelTimer = this.clock.after(decision.restartAfterMs, () => {
      if (generation !== this.generation) return;
      this.options.onState({ kind: 'starting' });
      void this.attempt();
    });
  }

  private async answer(server: RunningServer, withinMs: number): Promise<void> {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.after(withinMs, () => reject(new Error(`It did not answer for ${withinMs / 1000} s.`)));
    });
    try {
      await Promise.race([server.ping(), late]);
    } finally {
      cancel();
    }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
