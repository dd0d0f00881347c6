import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy } from '../src/infrastructure/server/restartPolicy';
import { ServerCrashedError, ServerSupervisor, type RunningServer, type ServerState } from '../src/infrastructure/server/supervisor';
import { FakeClock, settle } from './fakeClock';

class FakeServer implements RunningServer {
  end: (reason: string) => void = () => {};
  readonly ended = new Promise<string>((resolve) => (this.end = resolve));
  answers = true;
  killed = false;
  stopped = false;

  ping(): Promise<unknown> {
    return this.answers ? Promise.resolve() : new Promise(() => {});
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }

  kill(): void {
    this.killed = true;
    this.end('killed');
  }
}

function supervise(launch?: (server: FakeServer, count: number) => void) {
  const clock = new FakeClock();
  const servers: FakeServer[] = [];
  const states: ServerState[] = [];
  const supervisor = new ServerSupervisor({
    launch: () => {
      const server = new FakeServer();
      servers.push(server);
      launch?.(server, servers.length);
      return Promise.resolve(server);
    },
    policy: new RestartPolicy(),
    clock,
    onState: (state) => states.push(state),
    log: () => {},
  });
  const kinds = (): string[] => states.map((state) => (state.kind === 'restarting' ? `restarting ${state.afterMs}` : state.kind));
  return { clock, servers, states, supervisor, kinds };
}

test('a healthy server keeps running', async () => {
  const { clock, servers, supervisor, kinds } = supervise();
  await supervisor.start();
  await clock.advance(3_600_000);
  assert.deepEqual(kinds(), ['starting', 'running']);
  assert.equal(servers.length, 1);
});

test('a server that ends is started again, later each time, and given up in the end', async () => {
  const { clock, servers, supervisor, kinds, states } = supervise();
  await supervisor.start();
  for (let i = 0; i < 5; i++) {
    servers.at(-1)?.end('It ended with code 7.');
    await clock.advance(10_000);
  }
  const again = [1000, 2000, 4000, 8000].flatMap((ms) => [`restarting ${ms}`, 'starting', 'running']);
  assert.deepEqual(kinds(), ['starting', 'running', ...again, 'failed']);
  const last = states.at(-1);
  assert.match(last?.kind === 'failed' ? last.message : '', /several times.*code 7/);
});

test('a start asked for after giving up starts afresh', async () => {
  const { clock, servers, supervisor, kinds } = supervise();
  await supervisor.start();
  for (let i = 0; i < 5; i++) {
    servers.at(-1)?.end('gone');
    await clock.advance(10_000);
  }
  await supervisor.start();
  assert.deepEqual(kinds().slice(-3), ['failed', 'starting', 'running']);
});

test('a server that does not answer at first is killed and started again', async () => {
  const { clock, servers, supervisor, kinds } = supervise((server, count) => (server.answers = count > 1));
  void supervisor.start();
  await clock.advance(29_000);
  assert.deepEqual(kinds(), ['starting']);
  await clock.advance(3000);
  assert.equal(servers[0]?.killed, true);
  assert.deepEqual(kinds(), ['starting', 'restarting 1000', 'starting', 'running']);
});

test('one late answer is forgiven, two in a row are not', async () => {
  const { clock, servers, supervisor, kinds } = supervise();
  await supervisor.start();
  const [server] = servers;
  assert.ok(server);
  server.answers = false;
  await clock.advance(46_000);
  assert.equal(server.killed, false);
  server.answers = true;
  await clock.advance(120_000);
  assert.equal(server.killed, false);
  server.answers = false;
  await clock.advance(100_000);
  assert.equal(server.killed, true);
  assert.deepEqual(kinds(), ['starting', 'running', 'restarting 1000', 'starting', 'running']);
});

test('a start that can not go well is not tried again', async () => {
  const states: ServerState[] = [];
  let launches = 0;
  const supervisor = new ServerSupervisor({
    launch: () => {
      launches++;
      return Promise.reject(new Error('There is no server.'));
    },
    policy: new RestartPolicy(),
    clock: new FakeClock(),
    onState: (state) => states.push(state),
    log: () => {},
  });
  await supervisor.start();
  assert.equal(launches, 1);
  assert.equal(states.at(-1)?.kind, 'failed');
});

test('a server that dies while it starts is tried again', async () => {
  const clock = new FakeClock();
  const kinds: string[] = [];
  const supervisor = new ServerSupervisor({
    launch: () => Promise.reject(new ServerCrashedError('It ended with code 3.')),
    policy: new RestartPolicy(),
    clock,
    onState: (state) => kinds.push(state.kind),
    log: () => {},
  });
  await supervisor.start();
  await clock.advance(60_000);
  assert.equal(kinds.filter((kind) => kind === 'starting').length, 5);
  assert.equal(kinds.at(-1), 'failed');
});

test('stopping ends the server, and nothing starts again', async () => {
  const { clock, servers, supervisor, kinds } = supervise();
  await supervisor.start();
  await supervisor.stop();
  servers[0]?.end('It ended with code 0.');
  await clock.advance(600_000);
  assert.equal(servers[0]?.stopped, true);
  assert.deepEqual(kinds(), ['starting', 'running', 'stopped']);
});

test('stopping while it waits to start again cancels that', async () => {
  const { clock, servers, supervisor, kinds } = supervise();
  await supervisor.start();
  servers[0]?.end('gone');
  await settle();
  await supervisor.stop();
  await clock.advance(60_000);
  assert.equal(servers.length, 1);
  assert.deepEqual(kinds(), ['starting', 'running', 'restarting 1000', 'stopped']);
});

test('two starts at a time are one', async () => {
  const { servers, supervisor, kinds } = supervise();
  await Promise.all([supervisor.start(), supervisor.start()]);
  assert.equal(servers.length, 1);
  assert.deepEqual(kinds(), ['starting', 'running']);
});

test('a restart stops the server before, and its end is no crash', async () => {
  const { servers, supervisor, kinds } = supervise();
  await supervisor.start();
  await supervisor.start();
  servers[0]?.end('It ended with code 0.');
  await settle();
  assert.equal(servers[0]?.stopped, true);
  assert.deepEqual(kinds(), ['starting', 'running', 'starting', 'running']);
});

test('stopping ends a server that has not answered yet', async () => {
  const { clock, servers, supervisor, kinds } = supervise((server) => (server.answers = false));
  void supervisor.start();
  await settle();
  await supervisor.stop();
  await clock.advance(600_000);
  assert.equal(servers[0]?.stopped, true);
  assert.equal(servers.length, 1);
  assert.deepEqual(kinds(), ['starting', 'stopped']);
});
