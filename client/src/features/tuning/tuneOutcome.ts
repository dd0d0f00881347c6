import type { FolderStatus } from '../../infrastructure/protocol';

export interface OutcomeMessage {
  kind: 'information' | 'warning' | 'error';
  text: string;
  actions: ('Show Run' | 'Use Previous' | 'Use Base Model' | 'Resume' | 'Show Log')[];
}

/** What to tell when a tune ended, or undefined where the change is no end of a tune. */
export function tuneOutcome(before: FolderStatus | undefined, now: FolderStatus): OutcomeMessage | undefined {
  const { last } = now;
  // Without an earlier status nobody saw the tune run.
  if (!last || !before) return undefined;
  if (before.last?.run === last.run && before.last.outcome === last.outcome && !before.tune) return undefined;
  if (now.tune) return undefined;

  const said = last.message.trim();
  const more = said === '' ? '' : ` ${said}`;
  switch (last.outcome) {
    case 'promoted':
      return {
        kind: 'information',
        text: `CodeTuner now completes with the model tuned on ${now.name}.${more}`,
        actions: now.hasPrevious ? ['Show Run', now.previous === undefined ? 'Use Base Model' : 'Use Previous'] : ['Show Run'],
      };
    case 'noGain':
      return {
        kind: 'information',
        text: `Tuning on ${now.name} brought no gain, so the model in use stays.${more}`,
        actions: ['Show Run'],
      };
    case 'stopped':
      return {
        kind: 'information',
        text: `Tuning on ${now.name} was stopped.${more}`,
        actions: now.canResume ? ['Resume', 'Show Run'] : ['Show Run'],
      };
    case 'failed':
      return { kind: 'error', text: `Tuning on ${now.name} failed.${more}`, actions: ['Show Run', 'Show Log'] };
  }
}
