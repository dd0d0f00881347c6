import type { RunsModel } from '../src/features/runs/messages';
import { bytes, duration, grouped } from '../src/infrastructure/format';
import type { Interval, RunDetails, RunSummary } from '../src/infrastructure/protocol';
import { describeCurve, thinned } from './chart';
import { html, type Html } from './html';
import { runState, when } from './runList';

/** Everything about the selected run. The chart is drawn into its place afterwards, when its width is known. */
export function details(model: RunsModel): Html {
  if (model.error !== undefined) {
    return html`<p class="notice error" role="alert">${model.error}</p>
      <p class="buttons"><button data-action="reload" data-key="reload">Try Again</button></p>`;
  }
  if (!model.list) return html``;
  if (model.list.runs.length === 0) return empty(model);
  if (!model.details) return html`<p class="quiet">Loading …</p>`;
  const { details: run } = model;
  return html`<h2>Run of ${when(run.summary.started)}</h2>
    ${verdict(run.summary)} ${buttons(run.summary, model)} ${facts(run, model)} ${curve(run)} ${measures(run)} ${spots(run)} ${files(run)}`;
}

function empty(model: RunsModel): Html {
  return html`<h2>No Runs Yet</h2>
    <p>
      A tune reads this workspace, learns from it for a few minutes, and measures on your newest code whether it got better. Everything
      stays on this machine. ${howToStart(model)}
    </p>`;
}

function howToStart({ status, trusted }: RunsModel): string {
  if (status?.tune) return 'The first one is under way.';
  return trusted ? 'Start one with "Fine-tune Now" above.' : 'Trust the workspace first: what is not trusted is not learned from.';
}

function verdict(run: RunSummary): Html {
  const parts: Html[] = [];
  if (run.verdict !== undefined) parts.push(html`<p class="notice">${run.verdict}</p>`);
  if (run.error !== undefined) parts.push(html`<p class="notice error">${run.error}</p>`);
  return html`${parts}`;
}

function buttons(run: RunSummary, { status, trusted }: RunsModel): Html {
  const busy = status?.tune?.run === run.id;
  const all: Html[] = [];
  const button = (action: string, label: string): void => {
    all.push(html`<button data-action="${action}" data-run="${run.id}" data-key="${action}-${run.id}">${label}</button>`);
  };
  if (run.hasModel && !run.promoted) button('promote', 'Use This Model');
  if (run.canResume && trusted && !status?.tune) button('resumeRun', 'Resume');
  if (run.hasModel) button('export', 'Export …');
  if (!busy) button('delete', 'Delete …');
  return html`<p class="buttons">${all}</p>`;
}

function facts({ summary, split }: RunDetails, { list, status }: RunsModel): Html {
  // Of the run that goes on, the status is ahead of what lies on the disk.
  const steps = status?.tune?.run === summary.id ? (status.tune.step ?? summary.steps) : summary.steps;
  const rows: [string, string][] = [['State', runState(summary, list?.previous)]];
  rows.push(['Steps', summary.totalSteps === undefined ? `${steps}` : `${steps} of ${summary.totalSteps}`]);
  if (summary.method) rows.push(['Trained', summary.method === 'full' ? 'all weights' : 'adapters (LoRA)']);
  if (summary.trainingSeconds > 0) rows.push(['Training time', duration(summary.trainingSeconds)]);
  if (summary.tokensPerSecond > 0) rows.push(['Speed', `${grouped(summary.tokensPerSecond)} tokens a second`]);
  if (summary.peakMemory > 0) rows.push(['Memory, at most', bytes(summary.peakMemory)]);
  if (summary.gain) rows.push(['Gain on held-out code', `${interval(summary.gain)} nats a token`]);
  if (summary.forgetting !== undefined) rows.push(['Forgetting of general code', `${summary.forgetting.toFixed(3)} nats a token`]);
  if (split !== undefined) rows.push(['Held out', split]);
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function curve({ curve: points }: RunDetails): Html {
  const rows = thinned(points, 40).map(
    ({ step, loss, heldOutLoss }) =>
      html`<tr>
        <td>${step}</td>
        <td>${loss.toFixed(4)}</td>
        <td>${heldOutLoss === undefined ? '' : heldOutLoss.toFixed(4)}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="curve-title">
    <h3 id="curve-title">Loss</h3>
    <div id="chart"></div>
    <p class="quiet">
      ${describeCurve(points)} Held-out code is never learned from: where its curve rises, learning has turned into memorising.
    </p>
    ${
      points.length === 0
        ? undefined
        : html`<details data-key="curve-table">
            <summary data-key="curve-summary">The curve as a table</summary>
            ${table('The curve as a table', ['Step', 'Training', 'Held-out'], rows)}
          </details>`
    }
  </section>`;
}

function measures({ measures: all }: RunDetails): Html {
  if (all.length === 0) return html``;
  const rows = all.map(
    ({ name, base, tuned, higherIsBetter }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${interval(base)}</td>
        <td>${interval(tuned)}</td>
        <td>${comparison(base, tuned, higherIsBetter)}</td>
      </tr>`,
  );
  return html`<section aria-labelledby="measures-title">
    <h3 id="measures-title">Before and After</h3>
    <p class="quiet">On held-out code, with 95 % intervals.</p>
    ${table('Measures before and after', ['Measure', 'Base', 'Tuned', 'Verdict'], rows)}
  </section>`;
}

/** A table that scrolls by itself where the view is narrow, by the keyboard too. */
function table(label: string, headings: string[], rows: Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Better or worse only where the intervals are apart; everything else may be chance. */
export function comparison(base: Interval, tuned: Interval, higherIsBetter: boolean): string {
  const up = tuned.low > base.high;
  const down = tuned.high < base.low;
  if (!up && !down) return 'no sure difference';
  return up === higherIsBetter ? 'better' : 'worse';
}

function spots({ spots: all }: RunDetails): Html {
  if (all.length === 0) return html``;
  const cards = all.map(({ path, line, before, expected, base, tuned }) => {
    const card = (name: string, text: string, right: boolean): Html =>
      html`<div class="answer">
        <h5>${name}${right ? ' · as expected' : ''}</h5>
        <pre><code>${text === '' ? html`<i>nothing</i>` : text}</code></pre>
      </div>`;
    return html`<article class="spot">
      <h4>${path}:${line}</h4>
      <pre class="before"><code>${before}</code></pre>
      <div class="answers">
        ${card('Expected', expected, false)}${card('Base', base, base === expected)}${card('Tuned', tuned, tuned === expected)}
      </div>
    </article>`;
  });
  return html`<section aria-labelledby="spots-title">
    <h3 id="spots-title">Held-out Code, Side by Side</h3>
    ${cards}
  </section>`;
}

function files({ files: { kept, leftOut } }: RunDetails): Html {
  const groups = leftOut.map(
    ({ reason, count, examples }, index) =>
      html`<details data-key="reason-${index}">
        <summary data-key="reason-summary-${index}">${reason}: ${grouped(count)}</summary>
        <ul class="paths">
          ${examples.map((path) => html`<li>${path}</li>`)}
        </ul>
        ${count > examples.length ? html`<p class="quiet">and ${grouped(count - examples.length)} more</p>` : undefined}
      </details>`,
  );
  const total = leftOut.reduce((sum, { count }) => sum + count, 0);
  return html`<section aria-labelledby="files-title">
    <h3 id="files-title">Files</h3>
    <p>${grouped(kept)} learned from, ${grouped(total)} left out${total > 0 ? ', by reason:' : '.'}</p>
    ${groups}
  </section>`;
}

function interval({ value, low, high }: Interval): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
