import type { Statistics } from '../../infrastructure/protocol';

export interface EditorLatency {
  count: number;
  p50: number | undefined;
  p95: number | undefined;
}

/** What was counted, as a page of markdown. */
export function statisticsReport(statistics: Statistics, editor: EditorLatency): string {
  const { shown, accepted, charactersAccepted, retention, latency } = statistics;
  const rate = shown === 0 ? '' : ` (${Math.round((100 * accepted) / shown)} %)`;
  const lines = [
    '# CodeTuner: Statistics',
    '',
    'Counted on this machine, for you alone.',
    '',
    '| What | How much |',
    '| --- | --- |',
    `| Completions shown | ${shown} |`,
    `| Accepted | ${accepted}${rate} |`,
    `| Characters accepted | ${charactersAccepted} |`,
    `| Time in the server, median | ${milliseconds(latency.p50)} |`,
    `| Time in the server, 95 of 100 under | ${milliseconds(latency.p95)} |`,
    `| Time as the editor sees it, median (this session) | ${milliseconds(editor.p50)} |`,
    `| Time as the editor sees it, 95 of 100 under (this session) | ${milliseconds(editor.p95)} |`,
  ];
  const old = retention.filter((entry) => entry.share !== undefined);
  if (old.length > 0) {
    lines.push('', '## Still there', '', '| After | Share of what was accepted | Of |', '| --- | --- | --- |');
    for (const { seconds, share, of } of old) lines.push(`| ${age(seconds)} | ${Math.round(100 * (share ?? 0))} % | ${of} |`);
  }
  return lines.join('\n') + '\n';
}

function age(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? 'none measured' : `${Math.round(value)} ms`;
}
