import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencyWindow } from '../src/features/inlineCompletion/latency';
import { IdleWatch } from '../src/features/tuning/idleWatch';
import { tuneOutcome } from '../src/features/tuning/tuneOutcome';
import { whyNotApplied } from '../src/infrastructure/editVersion';
import { isCancellation, messageOf } from '../src/infrastructure/errors';
import { chooseFolder } from '../src/infrastructure/folderChoice';
import type { TuneOutcome } from '../src/infrastructure/protocol';
import { FakeClock } from './fakeClock';
import { status, tune } from './samples';

const before = status({ tune: tune() });
function ended(outcome: TuneOutcome, change = {}) {
  return tuneOutcome(before, status({ last: { run: 'r2', outcome, message: 'Said by the server.' }, ...change }));
}

test('a promotion is told, with a way back', () => {
  const message = ended('promoted', { hasPrevious: true, previous: 'r1' });
  assert.equal(message?.text, 'CodeTuner now completes with the model tuned on shop. Said by the server.');
  assert.deepEqual(message.actions, ['Show Run', 'Use Previous']);
});
test('after the first promotion the way back is to the base model', () => {
  assert.deepEqual(ended('promoted', { hasPrevious: true })?.actions, ['Show Run', 'Use Base Model']);
});
test('where nothing served before, there is no way back', () => assert.deepEqual(ended('promoted')?.actions, ['Show Run']));
test('no gain is told plainly', () => assert.match(ended('noGain')?.text ?? '', /brought no gain, so the model in use stays/));
test('a stopped tune can be resumed', () => assert.deepEqual(ended('stopped', { canResume: true })?.actions, ['Resume', 'Show Run']));
test('a failure is an error', () => assert.equal(ended('failed')?.kind, 'error'));
test('the same end is told once', () => {
  const done = status({ last: { run: 'r2', outcome: 'promoted', message: '' } });
  assert.equal(tuneOutcome(done, { ...done, canResume: true }), undefined);
});
test('a resumed run that is stopped again is told again', () => {
  const last = { run: 'r2', outcome: 'stopped' as const, message: '' };
  assert.ok(tuneOutcome(status({ last, tune: tune() }), status({ last })));
});
test('nothing is told of a tune that nobody saw', () => {
  assert.equal(tuneOutcome(undefined, status({ last: { run: 'r2', outcome: 'promoted', message: '' } })), undefined);
});
test('nothing is told while the next tune runs', () => assert.equal(ended('promoted', { tune: tune() }), undefined));

const shop = { name: 'shop', uri: 'file:///shop' };
const site = { name: 'site', uri: 'file:///site' };
const choices: [string, Parameters<typeof chooseFolder>, unknown][] = [
  ['none is open', [[], undefined], { kind: 'none' }],
  ['one is open', [[shop], undefined], { kind: 'one', folder: shop }],
  ['one is open, and the editor shows a file from elsewhere', [[shop], 'file:///tmp'], { kind: 'one', folder: shop }],
  ['the editor decides', [[shop, site], site.uri], { kind: 'one', folder: site }],
  ['a name wins over the editor', [[shop, site], site.uri, shop.uri], { kind: 'one', folder: shop }],
  ['nothing decides', [[shop, site], undefined], { kind: 'ask', folders: [shop, site] }],
  ['the name is of a folder that was closed', [[shop, site], undefined, 'file:///gone'], { kind: 'ask', folders: [shop, site] }],
];
for (const [name, args, expected] of choices) test(`folder: ${name}`, () => assert.deepEqual(chooseFolder(...args), expected));

const edits: [string, Parameters<typeof whyNotApplied>, RegExp | undefined][] = [
  ['same version', [4, 4, false], undefined],
  ['no version', [undefined, 4, false], undefined],
  ['moved on', [4, 5, false], /changed in the meantime/],
  ['moved back', [4, 3, false], /changed in the meantime/],
  ['closed', [4, 4, true], /closed/],
];
for (const [name, args, expected] of edits) {
  test(`edit: ${name}`, () => {
    const why = whyNotApplied(...args);
    if (expected) assert.match(why ?? '', expected);
    else assert.equal(why, undefined);
  });
}

test('idle is told once, and its end', async () => {
  const clock = new FakeClock();
  const told: boolean[] = [];
  const watch = new IdleWatch((idle) => told.push(idle), 60_000, clock);
  await clock.advance(50_000);
  watch.active();
  await clock.advance(50_000);
  assert.deepEqual(told, []);
  await clock.advance(100_000);
  assert.deepEqual(told, [true]);
  watch.active();
  watch.active();
  assert.deepEqual(told, [true, false]);
  watch.dispose();
  await clock.advance(1_000_000);
  assert.deepEqual(told, [true, false]);
});

test('latency quantiles are nearest ranks of the last values', () => {
  const latency = new LatencyWindow(100);
  assert.equal(latency.quantile(0.5), undefined);
  for (let i = 1; i <= 150; i++) latency.add(i);
  assert.equal(latency.count, 100);
  assert.equal(latency.quantile(0.5), 100);
  assert.equal(latency.quantile(0.95), 145);
  assert.equal(latency.quantile(1), 150);
});

test('a cancelled request is no error for the user', () => {
  assert.equal(isCancellation(Object.assign(new Error('x'), { code: -32800 })), true);
  assert.equal(isCancellation(Object.assign(new Error('x'), { code: -32803 })), false);
  assert.equal(isCancellation('x'), false);
  assert.match(messageOf(Object.assign(new Error('Pending response rejected'), { code: -32097 })), /server ended before it answered/);
  assert.equal(messageOf(new Error(' ')), 'Something went wrong; the log says more.');
});
