import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunsModel } from '../src/features/runs/messages';
import { readViewMessage, readViewState } from '../src/features/runs/messages';
import { runsPage } from '../src/features/runs/page';
import { describeCurve, lossChart, thinned } from '../webview/chart';
import { comparison, details } from '../webview/details';
import { announcement, controls, header } from '../webview/header';
import { escape, html } from '../webview/html';
import { runList, runState } from '../webview/runList';
import { niceStep, scaleFor } from '../webview/scale';
import { runDetails, shopUri, status, summary, tune } from './samples';

const evil = `<img src=x onerror="alert('1')">&`;

function model(change: Partial<RunsModel> = {}): RunsModel {
  return {
    folderName: 'shop',
    trusted: true,
    status: status(),
    list: { folder: shopUri, runs: [summary()] },
    selected: 'r1',
    details: runDetails(),
    ...change,
  };
}

test('text is escaped for elements and for attributes', () => {
  assert.equal(escape(evil), '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
});
test('the template escapes what is put in, and not what it built', () => {
  assert.equal(html`<p>${evil}</p>`.text, `<p>${escape(evil)}</p>`);
  assert.equal(html`<b>${[html`<i>${'<'}</i>`, html`<i>2</i>`]}</b>`.text, '<b><i>&lt;</i><i>2</i></b>');
  assert.equal(html`${undefined}${false}${0}`.text, '0');
});

test('everything from the server is escaped', () => {
  const interval = { value: 1, low: 0, high: 2 };
  const run = summary({ id: evil, verdict: evil, error: evil, started: evil });
  const everything = model({
    folderName: evil,
    status: status({ model: evil, error: evil, run: evil, serving: 'tuned' }),
    list: { folder: evil, previous: evil, runs: [run] },
    selected: evil,
    details: {
      summary: run,
      split: evil,
      curve: [],
      files: { kept: 1, leftOut: [{ reason: evil, count: 1, examples: [evil] }] },
      measures: [{ name: evil, base: interval, tuned: interval, higherIsBetter: true }],
      spots: [{ path: evil, line: 1, before: evil, expected: evil, base: evil, tuned: evil }],
    },
  });
  const page = [header(everything), controls(everything), runList(everything), details(everything)].map((part) => part.text).join('');
  assert.ok(!page.includes('<img'));
  assert.ok(page.split(escape(evil)).length > 12, 'each field is shown');
  assert.ok(!/\son\w+=/.test(page.replaceAll(escape(evil), '')), 'no handler of an event');
  assert.ok(!/\sstyle=/.test(page), 'no style that the policy would refuse');
});

test('the page may load its own style and script, and nothing else', () => {
  const page = runsPage({ cspSource: 'vscode-resource:', nonce: 'abc', scriptUri: 's.js', styleUri: 's.css', folder: 'file:///a"b' });
  assert.match(page, /content="default-src 'none'; style-src vscode-resource:; script-src 'nonce-abc';"/);
  assert.deepEqual(page.match(/<script[^>]*>/g), ['<script nonce="abc" src="s.js">']);
  assert.ok(page.includes('data-folder="file:///a&quot;b"'));
  assert.ok(!page.includes('unsafe'));
});

const scales: [string, number[], number, number, number[]][] = [
  ['round ends', [2.31, 4.18], 2, 4.5, [2, 2.5, 3, 3.5, 4, 4.5]],
  ['steps', [0, 120], 0, 125, [0, 25, 50, 75, 100, 125]],
  ['a value alone', [3], 2.7, 3.3, []],
  ['zero alone', [0], -1, 1, []],
  ['nothing', [], 0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ['what is not finite is passed over', [Number.NaN, 1, Infinity, 2], 1, 2, [1, 1.2, 1.4, 1.6, 1.8, 2]],
];
for (const [name, values, low, high, ticks] of scales) {
  test(`scale: ${name}`, () => {
    const scale = scaleFor(values, 0, 100);
    assert.ok(scale.low <= low + 1e-9 && scale.high >= high - 1e-9, `${scale.low} to ${scale.high}`);
    if (ticks.length > 0) assert.deepEqual(scale.ticks, ticks);
    assert.ok(Math.abs(scale.at(scale.low)) < 1e-9);
    assert.ok(Math.abs(scale.at(scale.high) - 100) < 1e-9);
    for (const value of values.filter(Number.isFinite)) assert.ok(scale.at(value) >= -1e-9 && scale.at(value) <= 100 + 1e-9);
  });
}
for (const [raw, expected] of [
  [0.3, 0.5],
  [1, 1],
  [1.2, 2],
  [2.2, 2.5],
  [7, 10],
  [0.012, 0.02],
  [130, 200],
] as const) {
  test(`nice step for ${raw}`, () => assert.ok(Math.abs(niceStep(raw) - expected) < 1e-12));
}

test('a chart keeps every point inside its drawing, at 300 pixels too', () => {
  for (const width of [260, 900]) {
    const { text } = lossChart(runDetails().curve, width);
    const points = [...text.matchAll(/points="([^"]*)"/g)]
      .flatMap(([, list]) => (list ?? '').split(' '))
      .map((pair) => pair.split(',').map(Number));
    assert.equal(points.length, 5);
    for (const [x, y] of points) assert.ok(x !== undefined && y !== undefined && x >= 0 && x <= width && y >= 0 && y <= 240);
    const held = points.slice(3);
    assert.ok((held[1]?.[1] ?? 0) > (held[0]?.[1] ?? 0), 'a lower loss is drawn lower');
  }
});
test('steps are whole at the axis', () => {
  const { text } = lossChart(
    [1, 2].map((step) => ({ step, loss: step })),
    900,
  );
  const ticks = [...text.matchAll(/text-anchor="middle">([\d.]+)</g)].map(([, tick]) => tick);
  assert.deepEqual(ticks, ['1', '2']);
});
test('a chart without a point says so', () => assert.match(lossChart([], 300).text, /starts with the first step/));
test('the curve in words', () => {
  assert.equal(
    describeCurve(runDetails().curve),
    'Training loss went from 4.200 at step 1 to 2.400 at step 120. Held-out loss went from 4.500 to 2.900.',
  );
});
test('a thinned curve keeps its ends and every held-out measure', () => {
  const curve = Array.from({ length: 1000 }, (_, step) => (step === 333 ? { step, loss: 1, heldOutLoss: 2 } : { step, loss: 1 }));
  const steps = thinned(curve, 40).map((point) => point.step);
  assert.ok(steps.length <= 42);
  for (const step of [0, 333, 999]) assert.ok(steps.includes(step));
});

const compared: [[number, number], [number, number], boolean, string][] = [
  [[1, 2], [3, 4], true, 'better'],
  [[1, 2], [3, 4], false, 'worse'],
  [[3, 4], [1, 2], false, 'better'],
  [[3, 4], [1, 2], true, 'worse'],
  [[1, 3], [2, 4], true, 'no sure difference'],
];
for (const [base, tuned, higherIsBetter, expected] of compared) {
  test(`measure: ${base.join('–')} against ${tuned.join('–')}, ${higherIsBetter ? 'higher' : 'lower'} is better: ${expected}`, () => {
    const interval = ([low, high]: [number, number]) => ({ value: (low + high) / 2, low, high });
    assert.equal(comparison(interval(base), interval(tuned), higherIsBetter), expected);
  });
}

const states: [Parameters<typeof summary>[0], string][] = [
  [{ promoted: true }, 'in use'],
  [{ id: 'old' }, 'used before'],
  [{ gain: { value: 0.2, low: 0.1, high: 0.3 } }, 'better, not in use'],
  [{ gain: { value: 0.2, low: -0.1, high: 0.3 } }, 'no gain'],
  [{ status: 'stopped', canResume: true }, 'stopped, can be resumed'],
  [{ status: 'failed' }, 'failed'],
  [{ status: 'training' }, 'tuning'],
];
for (const [run, expected] of states) {
  test(`run: ${JSON.stringify(run)} is ${expected}`, () => assert.equal(runState(summary(run), 'old'), expected));
}

test('one run of the list is a stop of the Tab key, and it is the current one', () => {
  const { text } = runList(model({ list: { folder: shopUri, runs: [summary({ id: 'a' }), summary({ id: 'b' })] }, selected: 'b' }));
  assert.equal(text.match(/tabindex="0"/g)?.length, 1);
  assert.match(text, /data-run="b"[^>]*tabindex="0"\s+aria-current="true"/);
});

test('without runs the view says what to do', () => {
  assert.match(details(model({ list: { folder: shopUri, runs: [] } })).text, /Start one with/);
});
test('an error is shown with a way to try again', () => {
  assert.match(details(model({ error: 'No server.' })).text, /No server\..*data-action="reload"/s);
});
test('going back says where to', () => {
  const label = (change: Partial<RunsModel>) => controls(model(change)).text;
  assert.ok(label({ status: status({ hasPrevious: true }) }).includes('Use Base Model Again'));
  assert.ok(label({ status: status({ hasPrevious: true, previous: 'r1' }) }).includes('Use Previous Checkpoint'));
  assert.ok(!label({ status: status() }).includes('rollback'));
});
test('without trust no tune is offered', () => {
  assert.ok(!controls(model({ trusted: false })).text.includes('data-action="tune"'));
  const none = { folder: shopUri, runs: [] };
  assert.ok(details(model({ list: none })).text.includes('Fine-tune Now'));
  assert.ok(!details(model({ list: none, trusted: false })).text.includes('Fine-tune Now'));
  const unfinished = runDetails({ summary: summary({ canResume: true }) });
  assert.ok(details(model({ details: unfinished })).text.includes('data-action="resumeRun"'));
  assert.ok(!details(model({ details: unfinished, trusted: false })).text.includes('data-action="resumeRun"'));
});
test('while a tune runs it can be paused and stopped, and its run not be deleted', () => {
  const busy = model({ status: status({ tune: tune({ run: 'r1' }) }) });
  assert.match(controls(busy).text, /data-action="pause".*data-action="stop"/s);
  assert.ok(!details(busy).text.includes('data-action="delete"'));
});
test('the buttons stay the same while progress is made', () => {
  const at = (progress: number) => model({ status: status({ tune: tune({ progress }) }) });
  assert.equal(controls(at(0.1)).text, controls(at(0.2)).text);
  assert.notEqual(header(at(0.1)).text, header(at(0.2)).text);
});
test('a screen reader hears tenths', () => {
  assert.equal(announcement(tune({ progress: 0.43 })), 'Tuning, 40 %.');
  assert.equal(announcement(tune({ progress: 0.4 })), announcement(tune({ progress: 0.49 })));
  assert.equal(announcement(undefined), '');
});

const messages: [unknown, unknown][] = [
  [{ type: 'ready' }, { type: 'ready' }],
  [
    { type: 'select', run: 'a' },
    { type: 'select', run: 'a' },
  ],
  [{ type: 'select' }, undefined],
  [
    { type: 'action', action: 'delete', run: 'a', more: 1 },
    { type: 'action', action: 'delete', run: 'a' },
  ],
  [{ type: 'action', action: 'format' }, undefined],
  ['ready', undefined],
  [null, undefined],
];
for (const [sent, expected] of messages) {
  test(`message ${JSON.stringify(sent)}`, () => assert.deepEqual(readViewMessage(sent), expected));
}
test('only a state of ours is taken up', () => {
  assert.deepEqual(readViewState({ folder: 'f', run: 'r', x: 1 }), { folder: 'f', run: 'r' });
  assert.deepEqual(readViewState({ folder: 'f' }), { folder: 'f' });
  assert.equal(readViewState({ run: 'r' }), undefined);
  assert.equal(readViewState(undefined), undefined);
});
