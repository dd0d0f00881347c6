// The script of the runs view: shows each model that the extension sends, and tells the extension what was pressed.
import type { RunAction, RunsModel, ViewMessage, ViewState } from '../src/features/runs/messages';
import { lossChart } from './chart';
import { details } from './details';
import { announcement, controls, header } from './header';
import type { Html } from './html';
import { runList } from './runList';

interface EditorApi {
  postMessage(message: ViewMessage): void;
  setState(state: ViewState): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();
const folder = document.body.dataset.folder ?? '';
const shown = new Map<HTMLElement, string>();
let model: RunsModel | undefined;

window.addEventListener('message', (event: MessageEvent<RunsModel>) => {
  model = event.data;
  editor.setState(model.selected === undefined ? { folder } : { folder, run: model.selected });
  update(element('header'), header(model));
  update(element('controls'), controls(model));
  update(element('runs'), runList(model));
  update(element('details'), details(model));
  drawChart();
  const said = announcement(model.status?.tune);
  const live = element('announcement');
  if (live.textContent !== said) live.textContent = said;
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
  if (!button) return;
  const { action, run } = button.dataset;
  if (action !== undefined) {
    editor.postMessage({ type: 'action', action: action as RunAction, ...(run === undefined ? {} : { run }) });
  } else if (run !== undefined) {
    editor.postMessage({ type: 'select', run });
  }
});

// The list is one stop of the Tab key; the arrows walk in it.
element('runs').addEventListener('keydown', (event) => {
  const all = [...document.querySelectorAll<HTMLElement>('.run')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[Math.min(all.length - 1, Math.max(0, to))];
  if (at < 0 || !next) return;
  event.preventDefault();
  for (const button of all) button.tabIndex = button === next ? 0 : -1;
  next.focus();
});

new ResizeObserver(drawChart).observe(element('details'));
editor.postMessage({ type: 'ready' });

/** Replaces what an element holds, if it changed; keeps the focus, and what was unfolded, where they were. */
function update(target: HTMLElement, content: Html): void {
  if (shown.get(target) === content.text) return;
  shown.set(target, content.text);
  const focused =
    document.activeElement instanceof HTMLElement && target.contains(document.activeElement)
      ? document.activeElement.dataset.key
      : undefined;
  const open = new Set([...target.querySelectorAll<HTMLElement>('details[open]')].map((one) => one.dataset.key));
  target.innerHTML = content.text;
  for (const one of target.querySelectorAll<HTMLDetailsElement>('details')) one.open = open.has(one.dataset.key);
  if (focused !== undefined) target.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function drawChart(): void {
  const place = document.getElementById('chart');
  if (!place || !model?.details) return;
  const content = lossChart(model.details.curve, Math.floor(place.clientWidth));
  if (place.innerHTML === '' || place.dataset.drawn !== content.text) {
    place.dataset.drawn = content.text;
    place.innerHTML = content.text;
  }
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element "${id}".`);
  return found;
}
