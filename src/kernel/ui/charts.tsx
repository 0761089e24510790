import { scaleBand, scaleLinear } from 'd3-scale'
import type { Child } from 'hono/jsx'

/** A figure with its name; null where there is none. */
export type Point = { label: string /** For narrow drawings. */; short: string; value: number | null }

type ChartProps = {
  /** Says what is drawn, and that a table with the same figures follows. */
  label: string
  /** How a figure is written. */
  number(value: number): string
}

const WIDE = { name: 'wide', width: 640, height: 250, letter: 8 }
const SLIM = { name: 'slim', width: 328, height: 220, letter: 7.4 }
type Sheet = typeof WIDE
const GRID_LINES = 4

/** Columns by month or year, from zero. One without a figure keeps its place, with a question mark. */
export const Columns = ({ points, ...props }: ChartProps & { points: readonly Point[] }) => (
  <>
    {[WIDE, SLIM].map((sheet) => (
      <ColumnsOn sheet={sheet} points={points} {...props} />
    ))}
  </>
)

function ColumnsOn({ sheet, points, label, number }: ChartProps & { sheet: Sheet; points: readonly Point[] }) {
  const most = Math.max(1, ...points.map(({ value }) => value ?? 0))
  const y = scaleLinear([0, most], [sheet.height - 24, 20]).nice(GRID_LINES)
  const ticks = y.ticks(GRID_LINES).filter((tick) => tick > 0 && Number.isInteger(tick))
  const edge = Math.max(...ticks.map((tick) => number(tick).length)) * sheet.letter + 8
  const x = scaleBand(
    points.map((_, at) => at),
    [edge, sheet.width],
  ).padding(0.3)
  const band = x.bandwidth()
  const fits = (text: string) => (text.length + 0.5) * sheet.letter < x.step()
  const highest = points.findIndex(({ value }) => value === most)
  return (
    <svg class={`chart ${sheet.name}`} viewBox={`0 0 ${sheet.width} ${sheet.height}`} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <>
          <path class="grid" d={`M${round(edge)} ${round(y(tick))}H${sheet.width}`} />
          <text x="0" y={round(y(tick) + 4)}>
            {number(tick)}
          </text>
        </>
      ))}
      {points.map(({ label: name, short, value }, at) => {
        const middle = round(x(at)! + band / 2)
        const words = value === null ? '?' : number(value)
        const every = points.every((point) => point.value === null || fits(number(point.value)))
        return (
          <>
            {value === null ? (
              <path class="none" d={`M${round(x(at)!)} ${y(0) - 1}h${round(band)}`} />
            ) : (
              <rect
                class="c1"
                x={round(x(at)!)}
                y={round(y(value))}
                width={round(band)}
                height={round(y(0) - y(value))}
                rx="2"
              />
            )}
            {(value === null || every || at === highest || at === points.length - 1) && (
              <text class="v" x={middle} y={round(y(value ?? 0) - 6)} text-anchor="middle">
                {words}
              </text>
            )}
            {(fits(short) || at % 3 === (points.length - 1) % 3) && (
              <text x={middle} y={sheet.height - 6} text-anchor="middle">
                {fits(name) ? name : short}
              </text>
            )}
          </>
        )
      })}
      <path class="axis" d={`M${round(edge)} ${y(0)}H${sheet.width}`} />
    </svg>
  )
}

/** A bar beside its number, for a cell of a table: the longest is `most`. */
export const Bar = ({ value, most }: { value: number; most: number }) => (
  <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="c1" width={round((100 * value) / Math.max(1, most))} height="8" rx="1" />
  </svg>
)

/** Two figures of the same months against each other, joined in their order; the first and the last are named. */
export const Path = ({
  points,
  across,
  up,
  ...props
}: ChartProps & { points: readonly { label: string; x: number; y: number }[]; across: Child; up: Child }) => (
  <>
    {[WIDE, SLIM].map((sheet) => (
      <PathOn sheet={sheet} points={points} across={across} up={up} {...props} />
    ))}
  </>
)

function PathOn({
  sheet,
  points,
  across,
  up,
  label,
  number,
}: ChartProps & {
  sheet: Sheet
  points: readonly { label: string; x: number; y: number }[]
  across: Child
  up: Child
}) {
  const reach = (values: number[]) => [0, Math.max(1, ...values)]
  const y = scaleLinear(reach(points.map((point) => point.y)), [sheet.height - 44, 30]).nice(GRID_LINES)
  const rows = y.ticks(GRID_LINES).filter((tick) => tick > 0 && Number.isInteger(tick))
  const edge = Math.max(...rows.map((tick) => number(tick).length)) * sheet.letter + 8
  const x = scaleLinear(reach(points.map((point) => point.x)), [edge, sheet.width - 24]).nice(GRID_LINES)
  const ends = new Set([0, points.length - 1])
  return (
    <svg class={`chart ${sheet.name}`} viewBox={`0 0 ${sheet.width} ${sheet.height}`} role="img" aria-label={label}>
      <text x="0" y="12">
        {up}
      </text>
      {rows.map((tick) => (
        <>
          <path class="grid" d={`M${round(edge)} ${round(y(tick))}H${sheet.width}`} />
          <text x="0" y={round(y(tick) + 4)}>
            {number(tick)}
          </text>
        </>
      ))}
      {x.ticks(GRID_LINES).map((tick) => (
        <text x={round(x(tick))} y={sheet.height - 26} text-anchor="middle">
          {number(tick)}
        </text>
      ))}
      <text x={sheet.width} y={sheet.height - 6} text-anchor="end">
        {across}
      </text>
      <path class="axis" d={`M${round(edge)} ${y(0)}H${sheet.width}`} />
      <path
        class="line"
        d={points.map((point, at) => `${at ? 'L' : 'M'}${round(x(point.x))} ${round(y(point.y))}`).join('')}
      />
      {points.map((point, at) => (
        <>
          <circle class="c1" cx={round(x(point.x))} cy={round(y(point.y))} r={ends.has(at) ? 5 : 3} />
          {ends.has(at) && (
            <text class="v" x={round(x(point.x))} y={round(y(point.y) - 10)} text-anchor="middle">
              {point.label}
            </text>
          )}
        </>
      ))}
    </svg>
  )
}

const round = (value: number) => Math.round(value * 10) / 10
