import { registerCommand } from '../../infrastructure/commands';
import { Requests, type Statistics } from '../../infrastructure/protocol';
import type { ReadOnlyPages } from '../../infrastructure/readOnlyPage';
import type { Session } from '../../infrastructure/session';
import type { LatencyWindow } from '../inlineCompletion/latency';
import { statisticsReport } from './report';

/** Shows what was counted: shown, accepted, kept, and how fast. */
export function registerStatistics(session: Session, pages: ReadOnlyPages, latency: LatencyWindow): void {
  registerCommand(session, 'codetuner.showStatistics', async () => {
    const statistics = await session.server.request<Statistics>(Requests.statistics, {});
    const editor = { count: latency.count, p50: latency.quantile(0.5), p95: latency.quantile(0.95) };
    await pages.show('CodeTuner Statistics', statisticsReport(statistics, editor));
  });
}
