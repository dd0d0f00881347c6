import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';
import { messageOf } from './errors';
import { languages } from './languages';
import { Notifications, Requests, type FolderStatus, type InitializationOptions } from './protocol';
import { readSettings, type Settings } from './settings';
import { launchServer } from './server/launchServer';
import { locateServer, type ServerProgram } from './server/locateServer';
import { RestartPolicy } from './server/restartPolicy';
import { ServerCrashedError, ServerSupervisor, type RunningServer, type ServerState } from './server/supervisor';

/** The editor's side of the server: one client at a time, requests that wait for it, and what it says of itself. */
export class LanguageServer implements vscode.Disposable {
  private readonly supervisor: ServerSupervisor;
  private readonly stateEmitter = new vscode.EventEmitter<ServerState>();
  private readonly statusEmitter = new vscode.EventEmitter<FolderStatus>();
  private client: LanguageClient | undefined;
  private current: ServerState = { kind: 'stopped' };
  private foundProgram: ServerProgram | undefined;
  private ended = false;

  /** The process started, runs, crashed or was given up. */
  readonly onDidChangeState = this.stateEmitter.event;
  /** `codetuner/didChangeStatus`, and the first status after each start. */
  readonly onDidChangeStatus = this.statusEmitter.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
    private readonly environment: (settings: Settings) => NodeJS.ProcessEnv = () => ({}),
  ) {
    this.supervisor = new ServerSupervisor({
      launch: () => this.launch(),
      policy: new RestartPolicy(),
      onState: (state) => this.setState(state),
      log: (message) => log.warn(message),
    });
  }

  get state(): ServerState {
    return this.current;
  }

  /** The program that runs or ran last. */
  get program(): ServerProgram | undefined {
    return this.foundProgram;
  }

  get logFile(): string {
    return path.join(this.context.logUri.fsPath, 'server.log');
  }

  /** Starts the server, or starts it anew. */
  start(): Promise<void> {
    return this.supervisor.start();
  }

  /** Sends a request as soon as the server runs. Rejects with the server's message, or with why there is no server. */
  async request<R>(method: string, params: object, token?: vscode.CancellationToken): Promise<R> {
    const client = await this.running(token);
    // A missing token must be left out: the client would take it for one of several parameters.
    return token ? client.sendRequest<R>(method, params, token) : client.sendRequest<R>(method, params);
  }

  /** The client as soon as it runs. */
  async running(token?: vscode.CancellationToken): Promise<LanguageClient> {
    if (this.current.kind === 'stopped' && !this.ended) void this.start();
    for (;;) {
      if (this.current.kind === 'running' && this.client) return this.client;
      if (this.current.kind === 'failed') throw new Error(this.current.message);
      if (this.ended) throw new vscode.CancellationError();
      await this.nextState(token);
    }
  }

  /** Sends a notification, where there is a server to hear it. */
  async notify(method: string, params: object): Promise<void> {
    if (this.current.kind !== 'running') return;
    try {
      await this.client?.sendNotification(method, params);
    } catch (error) {
      this.log.debug(`${method} was not sent: ${messageOf(error)}`);
    }
  }

  /** Asks each folder's status anew and tells it. */
  async refresh(): Promise<void> {
    const { folders } = await this.request<{ folders: FolderStatus[] }>(Requests.status, {});
    for (const folder of folders) this.statusEmitter.fire(folder);
  }

  /** Ends the server for good, as the extension ends. */
  async stop(): Promise<void> {
    this.ended = true;
    await this.supervisor.stop();
  }

  dispose(): void {
    void this.stop();
    this.stateEmitter.dispose();
    this.statusEmitter.dispose();
  }

  private setState(state: ServerState): void {
    this.current = state;
    this.log.info(`The server is ${state.kind}.`);
    this.stateEmitter.fire(state);
    if (state.kind === 'running') {
      this.refresh().catch((error: unknown) => this.log.warn(`The server told no status: ${messageOf(error)}`));
    }
  }

  private nextState(token: vscode.CancellationToken | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const subscriptions = [this.stateEmitter.event(() => settle(resolve))];
      if (token) subscriptions.push(token.onCancellationRequested(() => settle(() => reject(new vscode.CancellationError()))));
      function settle(done: () => void): void {
        for (const subscription of subscriptions) subscription.dispose();
        done();
      }
    });
  }

  private async launch(): Promise<RunningServer> {
    const configuration = vscode.workspace.getConfiguration('codetuner');
    const { settings } = readSettings((name) => configuration.get(name));
    this.foundProgram = locateServer({
      setting: settings.server.path,
      environment: process.env.CODETUNER_SERVER,
      extensionFolder: this.context.extensionPath,
      platform: process.platform,
      isFile: (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
      homeFolder: homedir(),
    });
    this.log.info(`The server is the one found by: ${this.foundProgram.foundBy}.`);
    mkdirSync(this.context.logUri.fsPath, { recursive: true });
    const process_ = await launchServer({
      program: this.foundProgram,
      logFile: this.logFile,
      logLevel: this.log.logLevel <= vscode.LogLevel.Debug && this.log.logLevel !== vscode.LogLevel.Off ? 'debug' : 'info',
      environment: { ...process.env, ...this.environment(settings) },
      onErrorLine: (line) => this.log.warn(`server: ${line}`),
    });

    const client = await this.createClient(process_.child.stdout, process_.child.stdin);
    client.onNotification(Notifications.didChangeStatus, (status: FolderStatus) => this.statusEmitter.fire(status));
    this.client = client;
    const died = process_.ended.then((reason) => {
      throw new ServerCrashedError(reason);
    });
    died.catch(() => {});
    try {
      await Promise.race([client.start(), died]);
    } catch (error) {
      process_.kill();
      // The connection breaks a moment before the process is gone: its own last words say more.
      await Promise.race([process_.ended, new Promise((resolve) => setTimeout(resolve, 500))]);
      throw new ServerCrashedError(error instanceof ServerCrashedError ? error.message : await reasonOr(process_.ended, messageOf(error)));
    }

    return {
      ended: process_.ended,
      ping: () => client.sendRequest(Requests.status, {}),
      kill: () => process_.kill(),
      stop: async () => {
        await client.stop();
        if (!(await within(2000, process_.ended))) process_.kill();
      },
    };
  }

  // The language client's code is some hundred kilobytes: it is evaluated when the server starts, not when the extension does.
  private async createClient(reader: NodeJS.ReadableStream, writer: NodeJS.WritableStream): Promise<LanguageClient> {
    const { CloseAction, ErrorAction, createLanguageClient } = await import('./quietClient');
    const initializationOptions: InitializationOptions = { trusted: vscode.workspace.isTrusted };
    return createLanguageClient(
      { reader, writer },
      {
        documentSelector: languages.flatMap((language) => [
          { scheme: 'file', language },
          { scheme: 'untitled', language },
        ]),
        outputChannel: this.log,
        traceOutputChannel: this.log,
        initializationOptions,
        middleware: this.middleware,
        diagnosticPullOptions: { onChange: true, onSave: true, onTabs: false },
        markdown: { isTrusted: false, supportHtml: false },
        // The supervisor alone decides what follows a broken connection, and says so.
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
        },
        initializationFailedHandler: () => false,
      },
    );
  }
}

async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ms))]);
}

async function reasonOr(ended: Promise<string>, otherwise: string): Promise<string> {
  return Promise.race([ended, new Promise<string>((resolve) => setTimeout(() => resolve(otherwise), 50))]);
}
