// The client's infrastructure against a real process over real pipes.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  StreamMessageReader,
  StreamMessageWriter,
  createMessageConnection,
  type MessageConnection,
} from 'vscode-languageserver-protocol/node';
import { launchServer, whyNotStarted } from '../src/infrastructure/server/launchServer';
import { RestartPolicy } from '../src/infrastructure/server/restartPolicy';
import { ServerSupervisor, type RunningServer, type ServerState } from '../src/infrastructure/server/supervisor';

const script = path.join(process.cwd(), 'client/test/fake-server/server.mjs');
const logFile = path.join(mkdtempSync(path.join(tmpdir(), 'codetuner-client-')), 'server.log');

async function launch(behaviour: string): Promise<RunningServer & { connection: MessageConnection; pid: number }> {
  const server = await launchServer({
    program: { command: process.execPath, args: [script], foundBy: 'setting' },
    logFile,
    logLevel: 'info',
    environment: { ...process.env, FAKE_SERVER: behaviour },
    onErrorLine: () => {},
  });
  const { child, ended } = server;
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onError(() => {});
  connection.listen();
  return {
    connection,
    pid: child.pid ?? 0,
    ended,
    kill: () => server.kill(),
    ping: () => connection.sendRequest('codetuner/status', {}),
    stop: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      await ended;
    },
  };
}

/** A supervisor of fake servers with patience for milliseconds only, and the states it goes through. */
function supervise(context: TestContext, behaviours: string[]) {
  const states: ServerState[] = [];
  const servers: Awaited<ReturnType<typeof launch>>[] = [];
  let tell = (): void => {};
  const supervisor = new ServerSupervisor({
    launch: async () => {
      const server = await launch(behaviours[servers.length] ?? 'well');
      servers.push(server);
      return server;
    },
    policy: new RestartPolicy(5, 60_000, 10),
    startTimeoutMs: 3000,
    heartbeatMs: 50,
    pingTimeoutMs: 300,
    onState: (state) => {
      states.push(state);
      tell();
    },
    log: () => {},
  });
  context.after(() => supervisor.stop());
  const until = async (wanted: (states: ServerState[]) => boolean): Promise<void> => {
    while (!wanted(states)) await new Promise<void>((resolve) => (tell = resolve));
  };
  return { supervisor, states, servers, until };
}

test('the server gets its log file, the level and our process id', async (context) => {
  const server = await launch('well');
  context.after(() => server.kill());
  const args = await server.connection.sendRequest<string[]>('fake/arguments');
  assert.deepEqual(args, ['--stdio', '--log', logFile, '--log-level', 'info', `--clientProcessId=${process.pid}`]);
});

test('a server ends in order', async () => {
  const server = await launch('well');
  await server.stop();
  assert.equal(await server.ended, 'It ended with code 0.');
});

test('the end of a server carries its last words', async () => {
  const server = await launch('refuse');
  assert.equal(await server.ended, 'It ended with code 3. Its last words: The fake server refuses to start.');
});

test('a crash brings another server', async (context) => {
  const { supervisor, states, servers, until } = supervise(context, ['crash:200', 'well']);
  await supervisor.start();
  await until(() => states.filter((state) => state.kind === 'running').length === 2);
  assert.deepEqual(await servers[1]?.ping(), { folders: [] });
});

test('a server that hangs is killed, and another takes its place', async (context) => {
  const { supervisor, states, servers, until } = supervise(context, ['deaf', 'well']);
  await supervisor.start();
  await servers[0]?.connection.sendNotification('fake/hang');
  await until(() => states.filter((state) => state.kind === 'running').length === 2);
  assert.match((await servers[0]?.ended) ?? '', /SIGKILL/);
});

test('a server that refuses to start is given up with its reason', async (context) => {
  const { supervisor, states, until } = supervise(context, Array<string>(5).fill('refuse'));
  void supervisor.start();
  await until(() => states.at(-1)?.kind === 'failed');
  const last = states.at(-1);
  assert.match(last?.kind === 'failed' ? last.message : '', /The fake server refuses to start/);
});

test('a program that is not there is told at once', async () => {
  const program = { command: '/nowhere/codetuner-server', args: [], foundBy: 'setting' as const };
  await assert.rejects(
    launchServer({ program, logFile, logLevel: 'info', onErrorLine: () => {} }),
    /"\/nowhere\/codetuner-server" can not be started/,
  );
});

test('what to do about a missing runtime and a missing permission', () => {
  const missing = Object.assign(new Error('spawn dotnet ENOENT'), { code: 'ENOENT' });
  const denied = Object.assign(new Error('spawn EACCES'), { code: 'EACCES' });
  assert.match(whyNotStarted({ command: 'dotnet', args: ['a.dll'], foundBy: 'bundled' }, missing), /\.NET 10 runtime/);
  assert.match(whyNotStarted({ command: '/x/server', args: [], foundBy: 'setting' }, denied), /executable/);
});
