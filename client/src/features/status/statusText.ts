import type { FolderStatus, TuneStatus } from '../../infrastructure/protocol';
import type { ServerState } from '../../infrastructure/server/supervisor';
import { grouped, percent, timeLeft } from '../../infrastructure/format';

export interface StatusView {
  text: string;
  /** Markdown. */
  tooltip: string;
  /** What a screen reader says. */
  label: string;
  severity: 'none' | 'warning' | 'error';
}

const phases: Record<TuneStatus['phase'], string> = {
  scanning: 'reading the workspace',
  preparing: 'preparing',
  training: 'tuning',
  evaluating: 'measuring',
};

const pauses: Record<NonNullable<TuneStatus['pausedBy']>, string> = {
  user: '',
  battery: ' while the machine runs on battery. "Resume tuning" goes on anyway',
  card: ' until another tune is done with the graphics card',
};

/** What the status bar says of one folder, or of the server where it has nothing to say of a folder. */
export function statusView(server: ServerState, status: FolderStatus | undefined): StatusView {
  switch (server.kind) {
    case 'stopped':
      return view('$(circle-slash) CodeTuner', 'The server is stopped.', 'stopped');
    case 'starting':
      return view('$(loading~spin) CodeTuner', 'The server starts.', 'starting');
    case 'restarting':
      return view('$(loading~spin) CodeTuner', `The server ended and starts again in ${server.afterMs / 1000} s.`, 'restarting');
    case 'failed':
      return view('$(error) CodeTuner', server.message, 'problem', 'error');
    case 'running':
      return status
        ? folderView(status)
        : view('$(sparkle) CodeTuner', 'No folder is open. The base model completes.', 'base model, no folder');
  }
}

function folderView(status: FolderStatus): StatusView {
  if (status.tune) return tuneView(status, status.tune);
  if (!status.trusted) {
    const text = 'The workspace is not trusted: the base model completes, and nothing is learned.';
    return view('$(shield) CodeTuner', text, 'restricted', 'none', status);
  }
  switch (status.serving) {
    case 'loading':
      return view('$(loading~spin) CodeTuner', 'The model is being loaded.', 'loading', 'none', status);
    case 'none':
      return view('$(warning) CodeTuner', status.error ?? 'No model can be used.', 'problem', 'warning', status);
    case 'tuned':
      return view('$(sparkle) CodeTuner: tuned', `Completes with the model tuned on ${status.name}.`, 'tuned', 'none', status);
    case 'base': {
      const text = `Completes with the base model. It is not tuned on ${status.name} yet.`;
      return view('$(sparkle) CodeTuner: base', text, 'base model', 'none', status);
    }
  }
}

function tuneView(status: FolderStatus, tune: TuneStatus): StatusView {
  const share = percent(tune.progress);
  if (tune.paused) {
    const why = tune.pausedBy === undefined ? '' : pauses[tune.pausedBy];
    return view(
      `$(debug-pause) CodeTuner: ${share}`,
      `The tune of ${status.name} is paused at ${share}${why}.`,
      `tuning paused at ${share}`,
      'none',
      status,
    );
  }
  const left = tune.secondsLeft === undefined ? '' : ` · ${timeLeft(tune.secondsLeft)}`;
  const text = `$(sync~spin) CodeTuner: ${phases[tune.phase]} ${share}${left}`;
  const label = `${phases[tune.phase]} ${share}${left.replace(' ·', ',')}`;
  const where = tune.device === undefined ? '' : `, on ${tune.device}`;
  return view(text, `Tunes on ${status.name}: ${phases[tune.phase]}, ${share}${left}${where}.`, label, 'none', status);
}

function view(text: string, sentence: string, label: string, severity: StatusView['severity'] = 'none', status?: FolderStatus): StatusView {
  return { text, tooltip: tooltip(sentence, status), label: `CodeTuner: ${label}. Opens the menu.`, severity };
}

function tooltip(sentence: string, status: FolderStatus | undefined): string {
  const lines = ['**CodeTuner**', escapeMarkdown(sentence)];
  if (status) {
    const facts = [['Model', status.model]];
    if (status.run && status.serving === 'tuned') facts.push(['Run', status.run]);
    const { tune } = status;
    if (tune?.step !== undefined)
      facts.push(['Step', tune.totalSteps === undefined ? `${tune.step}` : `${tune.step} of ${tune.totalSteps}`]);
    if (tune?.loss !== undefined) facts.push(['Training loss', tune.loss.toFixed(3)]);
    if (tune?.heldOutLoss !== undefined) facts.push(['Held-out loss', tune.heldOutLoss.toFixed(3)]);
    if (tune?.tokensPerSecond !== undefined) facts.push(['Speed', `${grouped(tune.tokensPerSecond)} tokens a second`]);
    lines.push(facts.map(([name, value]) => `${name}: ${escapeMarkdown(value ?? '')}`).join('  \n'));
    if (status.error && status.serving !== 'none') lines.push(`$(warning) ${escapeMarkdown(status.error)}`);
  }
  lines.push('_Click for the menu._');
  return lines.join('\n\n');
}

/** Text that markdown, with theme icons, shows as it is. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>$~&]/g, '\\$&');
}
