import type { DoctorCheck } from '../../infrastructure/protocol';

const marks: Record<DoctorCheck['status'], string> = { ok: '✓\u00a0fine', warning: '!\u00a0look at it', error: '✗\u00a0must be mended' };

/** The doctor's findings as a page of markdown. */
export function doctorReport(checks: readonly DoctorCheck[]): string {
  const bad = checks.filter((check) => check.status === 'error').length;
  const odd = checks.filter((check) => check.status === 'warning').length;
  const verdict = [
    bad > 0 ? `${bad === 1 ? 'One thing' : `${bad} things`} must be mended.` : 'Nothing is broken.',
    odd > 0 ? `${odd === 1 ? 'One thing deserves' : `${odd} things deserve`} a look.` : '',
  ].join(' ');
  const lines = ['# CodeTuner: Doctor', '', verdict.trimEnd(), '', '| Check | State | Found |', '| --- | --- | --- |'];
  for (const check of checks) lines.push(`| ${cell(named(check))} | ${marks[check.status]} | ${cell(check.detail)} |`);
  const advised = checks.filter((check) => check.advice !== undefined && check.advice !== '');
  if (advised.length > 0) {
    lines.push('', '## What to do', '');
    for (const check of advised) lines.push(`- **${cell(named(check))}**: ${cell(check.advice ?? '')}`);
  }
  return lines.join('\n') + '\n';
}

function named({ name }: DoctorCheck): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

// A table's cell holds one line, and markdown in it is shown as it is.
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\|<>*_`[\]]/g, '\\$&');
}
