// Measures what a typist feels, in VS Code itself: from a key to ghost text, typing through it, with and without a tune beside it.
// Prints a markdown table. Needs what the editor tier of the tests needs, and a package (npm run package).
//
//   node bench/editor-latency.mjs [--triggers 50]
import { cpus } from 'node:os';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Editor } from '../tests/e2e/harness/editor.mjs';
import { extensionPackage, missingForEditor, root } from '../tests/e2e/harness/tools.mjs';
import { waitFor } from '../tests/e2e/harness/wait.mjs';
import { Workspace } from '../tests/e2e/harness/workspace.mjs';

const { values } = parseArgs({ options: { triggers: { type: 'string', default: '50' } } });
const triggers = Number(values.triggers);
/** A trigger that shows nothing for so long counts as one without a completion. */
const patience = 4000;

const missing = missingForEditor();
if (missing.length) {
  for (const { what, how } of missing) console.error(`Missing: ${what}. ${how}`);
  process.exit(1);
}

// All of this repository's server: large enough that a tune outlasts the series beside it.
const workspace = Workspace.create((own) => {
  for (const room of readdirSync(join(root, 'server'))) {
    cpSync(join(root, 'server', room), join(own.folder, 'rooms', room), { recursive: true, filter: (path) => !/[\\/](bin|obj)([\\/]|$)/.test(path) });
  }
  own.commit('Add the rooms', '2025-12-01T12:00:00Z');
});
const started = performance.now();
const editor = await Editor.open({ folder: workspace.folder, vsix: extensionPackage(), settings: { 'codetuner.tune.minutes': 30 } });
try {
  console.error(`The editor runs after ${seconds(performance.now() - started)}.`);
  await measure();
} finally {
  await editor.close();
  workspace.remove();
}

async function measure() {
  const opened = performance.now();
  await editor.openFile('Documents/DocumentText.cs');
  await editor.waitForStatus(/CodeTuner: base model\./);
  const ready = performance.now() - opened;
  const activation = Number(/Activated in (\d+) ms/.exec(editor.server.readLog('CodeTuner.log'))?.[1]);
  const idle = memory();
  await watchKeys();

  console.error('Alone …');
  const alone = await series();
  console.error('Beside a tune …');
  await editor.command('CodeTuner: Fine-tune on This Workspace');
  await editor.waitForStatus(/CodeTuner: tuning/, { timeout: 300_000 });
  const tuning = await series();
  if (!(await editor.statusBar()).some((text) => /CodeTuner: tuning/.test(text))) throw new Error('The tune ended before the series did; the figures beside it would be wrong.');
  await editor.command('CodeTuner: Stop Tuning');

  console.log(`\n${cpus()[0].model}, ${cpus().length} threads. ${triggers} triggers each, in VS Code in Chromium; the debounce of 75 ms is included.\n`);
  console.log('| | alone | beside a tune |\n| --- | --- | --- |');
  const row = (name, of) => console.log(`| ${name} | ${of(alone)} | ${of(tuning)} |`);
  row('triggers with ghost text', (s) => `${s.shown.length} of ${triggers}`);
  row('key to ghost text, p50', (s) => milliseconds(quantile(s.shown, 0.5)));
  row('key to ghost text, p95', (s) => milliseconds(quantile(s.shown, 0.95)));
  row('typing through it, p50', (s) => milliseconds(quantile(s.through, 0.5)));
  row('typing through it, p95', (s) => milliseconds(quantile(s.through, 0.95)));
  row("the server's memory, at most", (s) => megabytes(s.memory));
  console.log(`\nActivation of the extension: ${activation} ms. From opening a file to a loaded model: ${milliseconds(ready)}. The server's memory, idle: ${megabytes(idle)}.`);
}

/** Types most of a line that stands in the workspace, at the place where it stands, and times what its last key brings. */
async function series() {
  const shown = [];
  const through = [];
  let most = 0;
  for (const { path, line, text } of places(triggers)) {
    await editor.openFile(path, line, 1);
    await editor.press('Home', 'Shift+End', 'Delete'); // the line is written anew
    const typed = text.trimStart();
    await editor.type(typed.slice(0, -1), { delay: 60 });
    await editor.press('Escape');
    const latency = await timed(typed.at(-1), null);
    if (latency !== undefined) {
      shown.push(latency);
      const ghost = await editor.ghostText();
      if (ghost.length > 1 && /^[\w ]/.test(ghost)) {
        const rest = await timed(ghost[0], ghost.slice(1).split('\n')[0]);
        if (rest !== undefined) through.push(rest);
      }
    }
    most = Math.max(most, memory());
    await editor.press('Escape');
    await editor.command('File: Revert File');
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return { shown, through, memory: most };
}

/** Lines of code spread over the workspace, cut at two thirds, the same ones each time. */
function places(count) {
  const lines = readdirSync(workspace.folder, { recursive: true })
    .filter((path) => path.endsWith('.cs'))
    .sort()
    .flatMap((path) => readFileSync(join(workspace.folder, path), 'utf8').split('\n').map((text, index) => ({ path, line: index + 1, text })))
    .filter(({ line, text }) => line > 3 && text.trim().length > 24 && !/^\s*(\/\/|using )/.test(text));
  return Array.from({ length: count }, (_, i) => lines[Math.floor(((i + 0.5) * lines.length) / count)])
    .map(({ path, line, text }) => ({ path, line, text: text.slice(0, Math.floor((text.length * 2) / 3)).trimEnd() }));
}

/** Notes in the page when a key goes down and when ghost text changes, so that no round trip to the browser is measured. */
function watchKeys() {
  return editor.page.evaluate(() => {
    const text = () => [...document.querySelectorAll('.monaco-editor .view-lines [class*="ghost-text-decoration"]')].map((e) => e.textContent).join('').replaceAll('\u00a0', ' ');
    const state = (window.codetunerBench = { down: 0, wanted: null, latency: undefined });
    document.addEventListener('keydown', () => (state.down = performance.now()), true);
    new MutationObserver(() => {
      if (state.latency !== undefined || !state.down) return;
      const now = text();
      if (state.wanted === null ? now !== '' : now === state.wanted) state.latency = performance.now() - state.down;
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

async function timed(key, wanted) {
  await editor.page.evaluate((text) => Object.assign(window.codetunerBench, { down: 0, wanted: text, latency: undefined }), wanted);
  await editor.type(key);
  return waitFor('ghost text', () => editor.page.evaluate(() => window.codetunerBench.latency), { timeout: patience, interval: 50 }).catch(() => undefined);
}

function memory() {
  return editor.server.languageServers()[0]?.rss ?? 0;
}

function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function milliseconds(value) {
  return value === undefined ? 'none' : `${Math.round(value)} ms`;
}

function seconds(value) {
  return `${(value / 1000).toFixed(1)} s`;
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
