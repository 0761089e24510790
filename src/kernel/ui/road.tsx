import type { Child } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { Icon, type IconName } from './icons.tsx'
import type { State } from './states.tsx'

export type Station = {
  icon: IconName
  heading: Child
  /** Colours the station; the words beside it must say the same. */
  state?: State
  /** Not reached yet: the road to the next station has no dashes. */
  ahead?: boolean
  content?: Child
}

/** A way with stations: the journey on the home page (`journey`: side by side on wide screens), a history, a relay. */
export const Road = ({
  stations,
  journey,
  level = 2,
}: {
  stations: readonly Station[]
  journey?: boolean
  level?: 2 | 3
}) => (
  <ol class={journey ? 'road journey' : 'road'}>
    {stations.map(({ icon, heading, state, ahead, content }) => (
      <li class={[state, ahead && 'ahead'].filter(Boolean).join(' ') || undefined}>
        <span class="station">
          <Icon name={icon} />
        </span>
        {level === 2 ? <h2>{heading}</h2> : <h3>{heading}</h3>}
        {content}
      </li>
    ))}
  </ol>
)

type StepsProps = {
  ctx: Ctx
  /** The steps' names, or only how many there are. */
  steps: readonly string[] | number
  /** The step one is at, from 1. */
  current: number
}

/** How far one is, as a piece of road and in words. */
export function Steps({ ctx, steps, current }: StepsProps) {
  const total = typeof steps === 'number' ? steps : steps.length
  const words = ctx.t('ui.steps', { current, total })
  if (typeof steps === 'number') {
    return (
      <p class="steps">
        {Array.from({ length: total }, (_, index) => (
          <i class={index < current ? 'done' : undefined} />
        ))}
        <span>{words}</span>
      </p>
    )
  }
  return (
    <div class="steps" role="img" aria-label={`${words}: ${steps[current - 1]}`}>
      {steps.map((name, index) => (
        <>
          {index > 0 && <i class={index < current ? 'done' : undefined} />}
          {index < current ? <b class={index === current - 1 ? 'now' : undefined}>{name}</b> : <span>{name}</span>}
        </>
      ))}
    </div>
  )
}
