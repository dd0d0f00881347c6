import type { CurvePoint } from '../src/infrastructure/protocol';
import { html, type Html } from './html';
import { scaleFor, type Scale } from './scale';

const height = 240;
const margin = { top: 12, right: 12, bottom: 40, left: 48 };

/** The curve of a run as an SVG drawing of the given width, which a table beside it repeats in words. */
export function lossChart(curve: readonly CurvePoint[], width: number): Html {
  const points = curve.filter((point) => Number.isFinite(point.loss));
  if (points.length === 0) return html`<p class="quiet">The curve starts with the first step of training.</p>`;

  const inner = Math.max(160, width);
  const heldOut = points.flatMap(({ step, heldOutLoss }) => (heldOutLoss === undefined ? [] : [{ step, loss: heldOutLoss }]));
  const x = scaleFor(
    points.map((point) => point.step),
    margin.left,
    inner - margin.right,
    inner < 400 ? 3 : 6,
    1,
  );
  const losses = [...points, ...heldOut].map((point) => point.loss);
  const y = scaleFor(losses, height - margin.bottom, margin.top);
  const bottom = height - margin.bottom;

  const rows = y.ticks.map(
    (tick) =>
      html`<line class="grid" x1="${margin.left}" x2="${inner - margin.right}" y1="${place(y, tick)}" y2="${place(y, tick)}" />
        <text class="tick" x="${margin.left - 6}" y="${place(y, tick)}" text-anchor="end" dominant-baseline="middle">${tick}</text>`,
  );
  const columns = x.ticks.map(
    (tick) =>
      html`<line class="axis" x1="${place(x, tick)}" x2="${place(x, tick)}" y1="${bottom}" y2="${bottom + 4}" />
        <text class="tick" x="${place(x, tick)}" y="${bottom + 17}" text-anchor="middle">${tick}</text>`,
  );
  return html`<svg
      class="chart"
      role="img"
      aria-label="${describeCurve(curve)}"
      width="${inner}"
      height="${height}"
      viewBox="0 0 ${inner} ${height}"
    >
      ${rows}${columns}
      <line class="axis" x1="${margin.left}" x2="${inner - margin.right}" y1="${bottom}" y2="${bottom}" />
      <text class="label" x="${(margin.left + inner - margin.right) / 2}" y="${height - 6}" text-anchor="middle">step</text>
      <text class="label" transform="translate(12 ${(bottom + margin.top) / 2}) rotate(-90)" text-anchor="middle">loss, nats a token</text>
      <polyline class="training" points="${line(points, x, y)}" />
      <polyline class="held-out" points="${line(heldOut, x, y)}" />
      ${heldOut.map((point) => html`<circle class="held-out-dot" cx="${place(x, point.step)}" cy="${place(y, point.loss)}" r="3" />`)}
    </svg>
    <ul class="legend" aria-hidden="true">
      <li class="training-key">training</li>
      <li class="held-out-key">held-out</li>
    </ul>`;
}

/** The curve in one sentence or two, for those who do not see it. */
export function describeCurve(curve: readonly CurvePoint[]): string {
  const points = curve.filter((point) => Number.isFinite(point.loss));
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return 'No loss was measured yet.';
  const said = [`Training loss went from ${number(first.loss)} at step ${first.step} to ${number(last.loss)} at step ${last.step}.`];
  const heldOut = points.filter((point) => point.heldOutLoss !== undefined);
  const [start] = heldOut;
  const end = heldOut.at(-1);
  if (start?.heldOutLoss !== undefined && end?.heldOutLoss !== undefined) {
    said.push(`Held-out loss went from ${number(start.heldOutLoss)} to ${number(end.heldOutLoss)}.`);
  }
  return said.join(' ');
}

/** At most `most` points, evenly chosen, that keep the first, the last and every held-out measure. */
export function thinned(curve: readonly CurvePoint[], most: number): CurvePoint[] {
  const every = Math.ceil(curve.length / most);
  return curve.filter((point, index) => index % every === 0 || index === curve.length - 1 || point.heldOutLoss !== undefined);
}

function line(points: readonly { step: number; loss: number }[], x: Scale, y: Scale): string {
  return points.map((point) => `${place(x, point.step)},${place(y, point.loss)}`).join(' ');
}

function place(scale: Scale, value: number): string {
  return scale.at(value).toFixed(1);
}

function number(value: number): string {
  return value.toFixed(3);
}
