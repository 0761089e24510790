import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import type { State } from './states.tsx'

type ProgressProps = {
  value: number /** Null while nobody knows how much it is. */
  max: number | null
  state?: State /** Says it in words. */
  children: Child
}

/** A bar and words. The bar alone says nothing to those who cannot see it: the words must hold both numbers. */
export const Progress = ({ value, max, state, children }: ProgressProps) => (
  <div class={state ? `prog ${state}` : 'prog'}>
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="4" rx="2" />
      <rect width={share(value, max)} height="4" rx="2" />
    </svg>
    <span>{children}</span>
  </div>
)

const share = (value: number, max: number | null) =>
  max ? Math.round(Math.min(1, Math.max(0, value / max)) * 1000) / 10 : 0

type LiveProps = PropsWithChildren<{
  ctx: Ctx
  /** Where its newer state is fetched: any page that has a `<live-progress>` with the same src. */
  src: string
  /** Nothing more will change: the page is then loaded anew, once, to show the outcome. */
  done?: boolean
}>

/** A long job while one watches. Without script a link brings the newer state. */
export const LiveProgress = ({ ctx, src, done, children }: LiveProps) => (
  <live-progress src={src} done={done ? '' : undefined}>
    {children}
    {!done && (
      <noscript>
        <p>
          <a href={src}>{ctx.t('ui.progress.look_again')}</a>
        </p>
      </noscript>
    )}
  </live-progress>
)
