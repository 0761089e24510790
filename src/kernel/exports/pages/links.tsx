import type { Ctx } from '../../context.ts'
import { LinkButton } from '../../ui/buttons.tsx'
import { FORMATS } from '../export.ts'

/** The two ways to take a list along. `href` gives the address for an ending: `(ending) => "/en/list.csv?q=…"`. */
export const ExportLinks = ({ ctx, href }: { ctx: Ctx; href(ending: `.${string}`): string }) => (
  <>
    {FORMATS.map((format) => (
      <LinkButton kind="second" icon={format === 'csv' ? 'save' : 'sheet'} href={href(`.${format}`)}>
        {ctx.t(`exports.as.${format}`)}
      </LinkButton>
    ))}
  </>
)
