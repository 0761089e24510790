import type { Ctx } from '../../context.ts'
import { Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { pathOf } from '../../ui/navigation.ts'
import { WorkPage } from '../../ui/work-layout.tsx'
import { EXPORTS, type ProtectedExport, WAITED_FOR } from '../export.ts'

/** Offers to have a table made that is too long to wait for. `path`: the address of the table, with its query. */
export const beginPage = (ctx: Ctx, { title }: ProtectedExport, path: string) => (
  <WorkPage ctx={ctx} title={ctx.t(title)} current={EXPORTS} path={path}>
    <Headline title={ctx.t(title)} lead={ctx.t('exports.begin.lead', { rows: ctx.format.number(WAITED_FOR) })} />
    <p>{ctx.t('exports.show.leave')}</p>
    <form method="post" action={pathOf(ctx, path)}>
      <Buttons>
        <Button icon="sheet">{ctx.t('exports.begin.button')}</Button>
      </Buttons>
    </form>
  </WorkPage>
)
