import type { Ctx } from '../../context.ts'
import { THRESHOLDS } from '../matching/decide.ts'
import { probabilityText } from './words.ts'

// Three stretches, each drawn as long as it is important, not as it is wide: apart, an officer decides, next to certain.
const STRETCHES = [
  { from: 0, to: THRESHOLDS.review, x: 0, width: 150 },
  { from: THRESHOLDS.review, to: THRESHOLDS.link, x: 152, width: 84 },
  { from: THRESHOLDS.link, to: 1, x: 238, width: 22 },
] as const

/** Where a probability lies between "apart" and "one person"; in words for those who hear the page. */
export const Meter = ({ ctx, probability }: { ctx: Ctx; probability: number }) => {
  const { t, format } = ctx
  const stretch = STRETCHES.find(({ to }) => probability <= to) ?? STRETCHES[2]
  const x = Math.round(stretch.x + (stretch.width * (probability - stretch.from)) / (stretch.to - stretch.from))
  const share = (value: number) => format.number(value, { maximumFractionDigits: 3 })
  const label = t('people.review.meter', {
    value: probabilityText(ctx, probability),
    review: share(THRESHOLDS.review),
    link: share(THRESHOLDS.link),
  })
  return (
    <svg class="meter" viewBox="0 0 260 36" role="img" aria-label={label}>
      {STRETCHES.map((one, index) => (
        <rect class={`part-${index + 1}`} x={one.x} y="8" width={one.width} height="8" rx={index === 1 ? 0 : 4} />
      ))}
      <path d={`M${x} 3v18`} />
      <text x="0" y="33">
        {t('people.review.apart')}
      </text>
      <text x="260" y="33" text-anchor="end">
        {t('people.review.decides')}
      </text>
    </svg>
  )
}
