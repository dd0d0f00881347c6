import assert from 'node:assert/strict';
import { test } from 'node:test';
import { menuItems } from '../src/features/status/menuItems';
import { StatusStore } from '../src/features/status/statusStore';
import { escapeMarkdown, statusView } from '../src/features/status/statusText';
import { bytes, duration, grouped, percent, timeLeft } from '../src/infrastructure/format';
import type { FolderStatus } from '../src/infrastructure/protocol';
import type { ServerState } from '../src/infrastructure/server/supervisor';
import { shopUri, status, tune } from './samples';

const running: ServerState = { kind: 'running' };

const texts: [string, ServerState, FolderStatus | undefined, string, string][] = [
  ['starting', { kind: 'starting' }, undefined, '$(loading~spin) CodeTuner', 'starting'],
  ['restarting', { kind: 'restarting', afterMs: 2000 }, undefined, '$(loading~spin) CodeTuner', 'restarting'],
  ['failed', { kind: 'failed', message: 'No server.', error: 0 }, status(), '$(error) CodeTuner', 'problem'],
  ['no folder', running, undefined, '$(sparkle) CodeTuner', 'base model, no folder'],
  ['loading', running, status({ serving: 'loading' }), '$(loading~spin) CodeTuner', 'loading'],
  ['base', running, status(), '$(sparkle) CodeTuner: base', 'base model'],
  ['tuned', running, status({ serving: 'tuned', run: 'r1' }), '$(sparkle) CodeTuner: tuned', 'tuned'],
  ['no model', running, status({ serving: 'none', error: 'Gone.' }), '$(warning) CodeTuner', 'problem'],
  ['restricted', running, status({ trusted: false }), '$(shield) CodeTuner', 'restricted'],
  ['tuning', running, status({ tune: tune() }), '$(sync~spin) CodeTuner: tuning 43 % · 2 min left', 'tuning 43 %, 2 min left'],
  [
    'reading',
    running,
    status({ tune: { phase: 'scanning', paused: false, progress: 0 } }),
    '$(sync~spin) CodeTuner: reading the workspace 0 %',
    'reading the workspace 0 %',
  ],
  ['paused', running, status({ tune: tune({ paused: true }) }), '$(debug-pause) CodeTuner: 43 %', 'tuning paused at 43 %'],
];
for (const [name, server, folder, text, label] of texts) {
  test(`status bar: ${name}`, () => {
    const view = statusView(server, folder);
    assert.equal(view.text, text);
    assert.equal(view.label, `CodeTuner: ${label}. Opens the menu.`);
  });
}

test('the tooltip shows what the server says as it is', () => {
  const { tooltip, severity } = statusView(running, status({ serving: 'none', error: '[x](command:evil) $(zap) <b>' }));
  assert.equal(severity, 'warning');
  assert.ok(tooltip.includes('\\[x\\]\\(command:evil\\) \\$\\(zap\\) \\<b\\>'));
});

test('the tooltip has the figures of a tune', () => {
  const { tooltip } = statusView(running, status({ tune: tune({ step: 52, totalSteps: 120, tokensPerSecond: 3086, loss: 2.5 }) }));
  for (const part of ['Step: 52 of 120', `3\u202f086 tokens`, 'Training loss: 2\\.500']) assert.ok(tooltip.includes(part), part);
});

test('the tooltip says what computes, and why it holds still', () => {
  assert.ok(statusView(running, status({ tune: tune({ device: 'Radeon 780M' }) })).tooltip.includes('on Radeon 780M'));
  const { tooltip } = statusView(running, status({ tune: tune({ paused: true, pausedBy: 'battery' }) }));
  assert.ok(tooltip.includes('on battery'));
  const waits = statusView(running, status({ tune: tune({ paused: true, pausedBy: 'card' }) }));
  assert.ok(waits.tooltip.includes('until another tune is done with the graphics card'));
});

test('markdown is escaped', () => assert.equal(escapeMarkdown('a*b_c`d'), 'a\\*b\\_c\\`d'));

function commands(server: ServerState, folder: FolderStatus | undefined, canWrite = false): string[] {
  return menuItems(server, folder, true, canWrite).flatMap((item) => (item ? [item.command.replace(/^codetuner\./, '')] : []));
}

test('menu: nothing runs', () => assert.equal(commands(running, status())[0], 'tune'));
test('menu: a tune runs', () => {
  assert.deepEqual(commands(running, status({ tune: tune() })).slice(0, 3), ['pauseTune', 'cancelTune', 'showRuns']);
});
test('menu: a tune is paused', () => assert.equal(commands(running, status({ tune: tune({ paused: true }) }))[0], 'resumeTune'));
test('menu: going back is offered only where there is something to go back to, and no tune runs', () => {
  assert.ok(!commands(running, status()).includes('rollback'));
  assert.ok(commands(running, status({ hasPrevious: true })).includes('rollback'));
  assert.ok(!commands(running, status({ hasPrevious: true, tune: tune() })).includes('rollback'));
});
test('menu: going back says where to', () => {
  const label = (change: Partial<FolderStatus>) =>
    menuItems(running, status({ hasPrevious: true, ...change }), true, false).find((item) => item?.command === 'codetuner.rollback')?.label;
  assert.equal(label({}), '$(discard) Use the base model again');
  assert.equal(label({ previous: 'r1' }), '$(discard) Use the previous checkpoint');
});
test('menu: without trust there is no tune but a way to trust', () => {
  const offered = commands(running, status({ trusted: false }));
  assert.ok(!offered.includes('tune'));
  assert.ok(offered.includes('workbench.trust.manage'));
});
test('menu: a failed server can be started again', () => {
  assert.equal(commands({ kind: 'failed', message: '', error: 0 }, undefined)[0], 'restartServer');
});
test('menu: help with code needs a file of a known language', () => {
  assert.ok(!commands(running, status()).includes('review'));
  assert.ok(commands(running, status(), true).includes('review'));
});
test('menu: a folder is handed to the command', () => {
  assert.deepEqual(menuItems(running, status(), true, false)[0]?.args, [shopUri]);
});

test('the store finds a folder by its URI, and the only one without it', () => {
  const store = new StatusStore();
  store.set(status());
  assert.equal(store.of(undefined)?.name, 'shop');
  assert.equal(store.of('file:///elsewhere')?.name, 'shop');
  store.set(status({ folder: 'file:///code/other', name: 'other' }));
  assert.equal(store.of(undefined), undefined);
  assert.equal(store.of('file:///code/other')?.name, 'other');
});

test('the store tells what was before, and forgets it all when the server goes', () => {
  const store = new StatusStore();
  const heard: (string | undefined)[] = [];
  const listening = store.onChange((now, before) => heard.push(now && `${before?.serving} to ${now.serving}`));
  store.set(status());
  store.set(status({ serving: 'tuned' }));
  store.setServer({ kind: 'restarting', afterMs: 1000 });
  listening.dispose();
  store.set(status());
  assert.deepEqual(heard, ['undefined to base', 'base to tuned', undefined]);
});

const formats: [string, string, string][] = [
  ['percent', percent(0.426), '43 %'],
  ['percent above all', percent(1.2), '100 %'],
  ['a few seconds', timeLeft(3), 'a few seconds left'],
  ['seconds', timeLeft(42), '40 s left'],
  ['minutes', timeLeft(125), '2 min left'],
  ['an hour', timeLeft(3600), '1 h left'],
  ['hours', timeLeft(3600 + 1500), '1 h 25 min left'],
  ['duration', duration(190), '3 min 10 s'],
  ['long duration', duration(7322), '2 h 2 min'],
  ['bytes', bytes(999), '999 B'],
  ['megabytes', bytes(1_205_000), '1.2 MB'],
  ['gigabytes', bytes(12_050_000_000), '12 GB'],
  ['grouped', grouped(1234567.4), '1\u202f234\u202f567'],
];
for (const [name, found, expected] of formats) test(`format: ${name}`, () => assert.equal(found, expected));
