// Lines over time, drawn by uPlot. Whoever does not see them is told the newest values, which stand beside the title.

import { html, type PropertyValues, type TemplateResult } from 'lit'
import uPlot from 'uplot'
import { myself } from '../client.ts'
import { Part } from '../page.ts'
import { language } from '../texts/language.ts'
import { operationsText } from '../texts/operations.ts'

export interface Curve {
  name: string
  /** As the palette calls it. */
  colour: 'accent' | 'wait' | 'bad'
  values: readonly (number | null)[]
}

const HEIGHT = 140
/** Seconds that are shown at least. */
const SHORTEST = 60
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })

class Chart extends Part {
  static override properties = {
    heading: { attribute: false },
    times: { attribute: false },
    curves: { attribute: false },
  }
  declare heading: string
  /** Seconds since 1970. */
  declare times: readonly number[]
  declare curves: readonly Curve[]
  #plot: uPlot | undefined
  readonly #watch = new ResizeObserver(() => this.#fit())

  override connectedCallback(): void {
    super.connectedCallback()
    this.#watch.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#watch.disconnect()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  override render(): TemplateResult {
    return html`<figure class="card padded chart">
      <figcaption>
        <h3>${this.heading}</h3>
        <p class="row">
          ${this.curves.map(
            ({ name, colour, values }) =>
              html`<span class="legend" data-colour=${colour}>${name} <b>${show(values)}</b></span>`,
          )}
        </p>
      </figcaption>
      <div class="plot" aria-hidden="true"></div>
    </figure>`
  }

  protected override updated(_changed: PropertyValues): void {
    const data: uPlot.AlignedData = [[...this.times], ...this.curves.map(({ values }) => [...values])]
    if (this.#plot) return this.#plot.setData(data)
    const place = this.querySelector<HTMLElement>('.plot')
    if (place) this.#plot = new uPlot(this.#options(place.clientWidth), data, place)
  }

  #options(width: number): uPlot.Options {
    const stroke = (): string => colourOf(this, 'quiet')
    const grid = { stroke: () => colourOf(this, 'line'), width: 1 }
    return {
      width: Math.max(width, 1),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 20, 0, 0],
      scales: {
        x: { range: timeOf },
        y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1)] },
      },
      axes: [
        { stroke, grid: { show: false }, ticks: { show: false }, values: clockOfAxis, size: 28, space: 80 },
        {
          stroke,
          grid,
          ticks: { show: false },
          size: 52,
          values: (_plot, splits) => splits.map((each) => numbers.format(each)),
        },
      ],
      series: [
        {},
        ...this.curves.map(({ name, colour }) => ({
          label: name,
          stroke: () => colourOf(this, colour),
          width: 2,
          // One measurement is no line yet.
          points: { show: (plot: uPlot) => plot.data[0].length < 2 },
        })),
      ],
    }
  }

  #fit(): void {
    const width = this.querySelector('.plot')?.clientWidth
    if (width && this.#plot && this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT })
  }
}
customElements.define('bellhop-chart', Chart)

function clockOfAxis(_plot: uPlot, splits: readonly number[]): string[] {
  const clock = new Intl.DateTimeFormat(language, {
    timeStyle: 'medium',
    hourCycle: 'h23',
    timeZone: myself().organisation.timezone,
  })
  return splits.map((seconds) => clock.format(seconds * 1000))
}

/** The newest that is known: of seconds without a request there is no latency. */
function show(values: readonly (number | null)[]): string {
  const known = values.findLast((value) => value !== null) ?? undefined
  return known === undefined ? operationsText.fromNow : numbers.format(known)
}

/** As it is at this moment, light or dark: a canvas takes no names of colours. */
function colourOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(--${name})`
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

/** By the data itself: of one instant uPlot makes a day. */
function timeOf({ data: [times] }: uPlot): [number, number] {
  const last = times.at(-1) ?? 0
  return [Math.min(times[0] ?? last, last - SHORTEST), last]
}
