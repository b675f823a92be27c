// How the installation does while one looks: requests, latency, queues, lag, sockets, and what was done in the last hour.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself } from './client.ts'
import type { ReplyOf } from '../client/src/index.ts'
import './elements/chart.ts'
import type { Curve } from './elements/chart.ts'
import { Part } from './page.ts'
import { operationsText } from './texts/operations.ts'

type Pulse = NonNullable<ReplyOf<'getOperationsSummary'>['installation']>
type Stats = ReplyOf<'getRealtimeStats'>
interface Sample {
  pulse: Pulse
  stats: Stats | undefined
}

/** What is kept of it: half an hour, at a look every five seconds. */
const KEPT = 360
/** Queues whose jobs reach people and other systems. */
const REACHING = ['mail', 'push', 'webhooks', 'notifications']
const text = operationsText.charts

class OperationsCharts extends Part {
  static override properties = { pulse: { attribute: false } }
  declare pulse: Pulse
  #samples: readonly Sample[] = []

  /** Each new measurement goes to the others. What only an ADMIN may ask of a node is asked by an ADMIN. */
  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('pulse')) return
    const sample: Sample = { pulse: this.pulse, stats: undefined }
    this.#samples = [...this.#samples, sample].slice(-KEPT)
    if (myself().role !== 'ADMIN') return
    void client.api.getRealtimeStats().then(
      (stats) => {
        sample.stats = stats
        this.requestUpdate()
      },
      // No node answers, which the page says above.
      () => undefined,
    )
  }

  override render(): TemplateResult {
    const times = this.#samples.map(({ pulse }) => Date.parse(pulse.at) / 1000)
    const now = times.at(-1) ?? 0
    const { done, failed } = this.pulse
    const minutes = done.map((_, at) => now - 60 * (done.length - 1 - at))
    return html`<div class="charts">
      ${drawChart(text.done, minutes, [
        { name: text.doneJobs, colour: 'accent', values: done },
        { name: text.failedJobs, colour: 'bad', values: failed },
      ])}
      ${drawChart(text.requests, times, [
        { name: text.answered, colour: 'accent', values: this.#each(rateOf('count')) },
        { name: text.erred, colour: 'bad', values: this.#each(rateOf('failed')) },
      ])}
      ${drawChart(text.latency, times, [{ name: text.mean, colour: 'accent', values: this.#each(latencyOf) }])}
      ${drawChart(text.queues, times, [
        { name: text.waiting, colour: 'wait', values: this.#each(({ pulse }) => sumOf(pulse, 'waiting')) },
        { name: text.active, colour: 'accent', values: this.#each(({ pulse }) => sumOf(pulse, 'active')) },
        {
          name: text.deliveries,
          colour: 'bad',
          values: this.#each(({ pulse }) => sumOf(pulse, 'waiting', REACHING)),
        },
      ])}
      ${drawChart(text.lag, times, [
        {
          name: text.queueLag,
          colour: 'wait',
          values: this.#each(({ pulse }) => Math.max(...pulse.queues.map(({ lag }) => lag))),
        },
        { name: text.outbox, colour: 'accent', values: this.#each(({ pulse }) => pulse.outboxAge) },
      ])}
      ${
        myself().role === 'ADMIN'
          ? drawChart(text.sockets, times, [
              {
                name: text.open,
                colour: 'accent',
                values: this.#each(({ stats }) => stats?.sockets ?? null),
              },
              { name: text.resumes, colour: 'wait', values: this.#each(resumesOf) },
              {
                name: text.told,
                colour: 'bad',
                values: this.#each(({ stats }) => (stats ? stats.lag.meanSeconds * 1000 : null)),
              },
            ])
          : nothing
      }
    </div>`
  }

  #each(measure: (now: Sample, before: Sample | undefined) => number | null): (number | null)[] {
    return this.#samples.map((sample, at) => measure(sample, this.#samples[at - 1]))
  }
}
customElements.define('bellhop-operations-charts', OperationsCharts)

const drawChart = (heading: string, times: readonly number[], curves: readonly Curve[]): TemplateResult =>
  html`<bellhop-chart .heading=${heading} .times=${times} .curves=${curves}></bellhop-chart>`

/** Counts begin with a process: between two processes there is nothing to compare. */
const sinceOf = (now: Sample, before: Sample | undefined, key: keyof Pulse['requests']): number | null =>
  before?.pulse.process === now.pulse.process ? now.pulse.requests[key] - before.pulse.requests[key] : null

/** In each second. */
const rateOf =
  (key: 'count' | 'failed') =>
  (now: Sample, before: Sample | undefined): number | null => {
    const [count, from] = [sinceOf(now, before, key), Date.parse(before?.pulse.at ?? '')]
    return count === null ? null : count / Math.max(1, (Date.parse(now.pulse.at) - from) / 1000)
  }

/** Milliseconds. */
function latencyOf(now: Sample, before: Sample | undefined): number | null {
  const [count, seconds] = [sinceOf(now, before, 'count'), sinceOf(now, before, 'seconds')]
  return count && seconds !== null ? (seconds * 1000) / count : null
}

const sumOf = ({ queues }: Pulse, key: 'waiting' | 'active', of?: readonly string[]): number =>
  queues.filter(({ name }) => !of || of.includes(name)).reduce((sum, queue) => sum + queue[key], 0)

function resumesOf({ stats }: Sample, before: Sample | undefined): number | null {
  if (!stats || stats.node !== before?.stats?.node) return null
  const countOf = ({ resumes }: Stats): number => Object.values(resumes).reduce((sum, each) => sum + each, 0)
  return countOf(stats) - countOf(before.stats)
}
