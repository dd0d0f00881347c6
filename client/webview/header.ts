import type { RunsModel } from '../src/features/runs/messages';
import { grouped, percent, timeLeft } from '../src/infrastructure/format';
import type { TuneStatus } from '../src/infrastructure/protocol';
import { html, type Html } from './html';

const phases: Record<TuneStatus['phase'], string> = {
  scanning: 'Reading the workspace',
  preparing: 'Preparing',
  training: 'Tuning',
  evaluating: 'Measuring',
};

/** The top of the view: what serves and what runs. */
export function header(model: RunsModel): Html {
  const { status, folderName } = model;
  return html`<h1>Runs of ${folderName}</h1>
    ${status?.tune ? tuneProgress(status.tune) : idle(model)}`;
}

/**
 * The buttons below it, and what is wrong. They stand alone, since progress comes several times a second: a button that is
 * replaced between press and release hears no click, and an alert that is replaced is read out again.
 */
export function controls({ status, trusted, list }: RunsModel): Html {
  const all: Html[] = [];
  const button = (action: string, label: string, primary = false): void => {
    all.push(html`<button data-action="${action}" data-key="${action}" ${primary ? html` class="primary"` : undefined}>${label}</button>`);
  };
  if (status?.tune) {
    if (status.tune.paused) button('resume', 'Resume', true);
    else button('pause', 'Pause');
    button('stop', 'Stop and Save');
  } else if (trusted) {
    button('tune', 'Fine-tune Now', true);
    if (status?.canResume) button('resumeRun', 'Resume Unfinished Run');
    const previous = status?.previous ?? list?.previous;
    if (status?.hasPrevious ?? previous !== undefined) {
      button('rollback', previous === undefined ? 'Use Base Model Again' : 'Use Previous Checkpoint');
    }
  }
  return html`${status?.error !== undefined && html`<p class="notice error" role="alert">${status.error}</p>`}
    ${all.length > 0 && html`<p class="buttons">${all}</p>`}`;
}

function idle({ status, trusted }: RunsModel): Html {
  if (!trusted) return html`<p class="notice">This workspace is not trusted, so nothing is learned from it.</p>`;
  if (status?.serving === 'loading') return html`<p>The model is being loaded.</p>`;
  if (status?.serving === 'tuned') return html`<p>A model tuned on this workspace completes (${status.run ?? status.model}).</p>`;
  return html`<p>The base model completes${status ? ` (${status.model})` : ''}.</p>`;
}

function tuneProgress(tune: TuneStatus): Html {
  return html`<p><strong>${tune.paused ? (tune.pausedBy === 'battery' ? 'Paused on battery' : 'Paused') : phases[tune.phase]}</strong> · ${progressFacts(tune).join(' · ')}</p>
    <progress max="100" value="${Math.round(tune.progress * 100)}" aria-label="Progress of the tune"></progress>`;
}

function progressFacts(tune: TuneStatus): string[] {
  const facts = [percent(tune.progress)];
  if (tune.secondsLeft !== undefined && !tune.paused) facts.push(timeLeft(tune.secondsLeft));
  if (tune.step !== undefined) facts.push(tune.totalSteps === undefined ? `step ${tune.step}` : `step ${tune.step} of ${tune.totalSteps}`);
  if (tune.tokensPerSecond !== undefined) facts.push(`${grouped(tune.tokensPerSecond)} tokens a second`);
  if (tune.device !== undefined) facts.push(`on ${tune.device}`);
  if (tune.loss !== undefined) facts.push(`loss ${tune.loss.toFixed(3)}`);
  if (tune.heldOutLoss !== undefined) facts.push(`held-out ${tune.heldOutLoss.toFixed(3)}`);
  return facts;
}

/** What a screen reader is told: each phase and each tenth, not each step. */
export function announcement(tune: TuneStatus | undefined): string {
  if (!tune) return '';
  if (tune.paused) return 'The tune is paused.';
  const tenth = Math.floor(tune.progress * 10 + 1e-9) / 10;
  return `${phases[tune.phase]}, ${percent(tenth)}.`;
}
