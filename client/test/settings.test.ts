import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForCompletion } from '../src/features/inlineCompletion/gate';
import { completesLanguage, readSettings } from '../src/infrastructure/settings';

function read(values: Record<string, unknown>) {
  return readSettings((name) => values[name]);
}

test('without settings the defaults hold', () => {
  const { settings, problems } = read({});
  assert.deepEqual(problems, []);
  assert.deepEqual(settings, {
    completion: { enabled: true, debounce: 75, maxLines: 12, languages: {} },
    hover: { enabled: true },
    review: { enabled: true, sensitivity: 'medium' },
    model: '',
    tune: { automatic: false, minutes: 10, method: 'auto', baseDtype: 'auto', exclude: [], rowLength: 512, batchSize: 4 },
    threads: 0,
    device: 'auto',
    gpu: { libraries: '', memoryLimit: 80, pauseOnBattery: true },
    server: { path: '' },
  });
});

const good: [string, unknown][] = [
  ['completion.enabled', false],
  ['completion.debounce', 0],
  ['completion.languages', { python: false, '*': true }],
  ['tune.minutes', 0.5],
  ['tune.method', 'lora'],
  ['tune.baseDtype', 'q4_0'],
  ['tune.exclude', ['*.sql', 'legacy/']],
  ['threads', 4],
];
for (const [name, value] of good) {
  test(`takes ${name} = ${JSON.stringify(value)}`, () => {
    const { settings, problems } = read({ [name]: value });
    const [section, key] = name.split('.');
    const group = settings[section as 'tune'] as unknown;
    assert.deepEqual(key === undefined ? group : (group as Record<string, unknown>)[key], value);
    assert.deepEqual(problems, []);
  });
}

const bad: [string, unknown, RegExp][] = [
  ['completion.enabled', 'yes', /codetuner\.completion\.enabled must be true or false; true is used/],
  ['completion.debounce', -1, /from 0 to 5000; 75 is used/],
  ['completion.maxLines', 1.5, /whole number/],
  ['completion.languages', { python: 'no' }, /object of language ids/],
  ['completion.languages', ['python'], /object of language ids/],
  ['tune.minutes', Number.NaN, /from 0\.1 to 1440; 10 is used/],
  ['tune.method', 'fast', /"auto", "full" or "lora"/],
  ['tune.baseDtype', 'int4', /one of auto, float32, bfloat16, float16, q8_0, q4_0; "auto" is used/],
  ['tune.exclude', 'legacy', /list of patterns/],
  ['model', 7, /must be a text/],
];
for (const [name, value, message] of bad) {
  test(`refuses ${name} = ${JSON.stringify(value)}, names it, and goes on with the default`, () => {
    const { settings, problems } = read({ [name]: value });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', message);
    assert.deepEqual(settings, read({}).settings);
  });
}

const languages: [Record<string, boolean>, string, boolean][] = [
  [{}, 'csharp', true],
  [{ python: false }, 'csharp', true],
  [{ python: false }, 'python', false],
  [{ '*': false }, 'python', false],
  [{ '*': false, python: true }, 'python', true],
];
for (const [map, language, expected] of languages) {
  test(`completes ${language} with ${JSON.stringify(map)}: ${expected}`, () => {
    const { settings } = read({ 'completion.languages': map });
    assert.equal(completesLanguage(settings, language), expected);
  });
}

test('no language is completed where completion is off', () => {
  const { settings } = read({ 'completion.enabled': false, 'completion.languages': { python: true } });
  assert.equal(completesLanguage(settings, 'python'), false);
});

const cursor = { languageId: 'go', hasSelection: false, invoked: false };
test('no completion is asked for over a selection, even by a key', () => {
  assert.equal(asksForCompletion({ ...cursor, hasSelection: true }, read({}).settings), false);
  assert.equal(asksForCompletion({ ...cursor, hasSelection: true, invoked: true }, read({}).settings), false);
});
test('where completion is off, only a key asks for it', () => {
  const { settings } = read({ 'completion.enabled': false });
  assert.equal(asksForCompletion(cursor, settings), false);
  assert.equal(asksForCompletion({ ...cursor, invoked: true }, settings), true);
});
