import type { Ctx } from '../../context.ts'
import { LinkButton } from '../../ui/buttons.tsx'
import { FORMATS } from '../export.ts'

/**
 * The ways to take a list along, as one control. `href` gives the address for an ending:
 * `(ending) => "/en/list.csv?q=…"`.
 */
export const ExportLinks = ({ ctx, href }: { ctx: Ctx; href(ending: `.${string}`): string }) => (
  <span class="joined">
    {FORMATS.map((format, at) => (
      <LinkButton kind="second" icon={at === 0 ? 'save' : undefined} href={href(`.${format}`)}>
        <span>
          <span class={at === 0 ? undefined : 'vh'}>{ctx.t('exports.as.table')} </span>
          {ctx.t(`exports.as.${format}`)}
        </span>
      </LinkButton>
    ))}
  </span>
)
