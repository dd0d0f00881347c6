import type { RunsModel } from '../src/features/runs/messages';
import type { RunSummary } from '../src/infrastructure/protocol';
import { html, type Html } from './html';

/** The runs, newest first; one of them can be reached by Tab, the others from it by the arrow keys. */
export function runList(model: RunsModel): Html {
  const { list, error } = model;
  if (!list) return error === undefined ? html`<p class="quiet">Loading …</p>` : html``;
  if (list.runs.length === 0) return html``;
  const selected = model.selected ?? list.runs[0]?.id;
  return html`<h2>All Runs</h2>
    <ul class="run-list">
      ${list.runs.map((run) => entry(run, run.id === selected, list.previous))}
    </ul>`;
}

function entry(run: RunSummary, selected: boolean, previous: string | undefined): Html {
  return html`<li>
    <button
      class="run"
      data-run="${run.id}"
      data-key="run-${run.id}"
      tabindex="${selected ? 0 : -1}"
      ${selected ? html` aria-current="true"` : undefined}
    >
      <span class="run-title">${when(run.started)}</span>
      <span class="run-state">${runState(run, previous)}</span>
    </button>
  </li>`;
}

/** A run's state in a few words. */
export function runState(run: RunSummary, previous?: string): string {
  if (run.promoted) return 'in use';
  if (run.id === previous) return 'used before';
  switch (run.status) {
    case 'preparing':
      return 'preparing';
    case 'training':
      return 'tuning';
    case 'evaluating':
      return 'measuring';
    case 'stopped':
      return run.canResume ? 'stopped, can be resumed' : 'stopped';
    case 'failed':
      return 'failed';
    case 'done':
      return run.gain !== undefined && run.gain.low > 0 ? 'better, not in use' : 'no gain';
  }
}

/** A moment as the reader's own locale writes it. */
export function when(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
