import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { lacking } from '../lacking.ts'
import { BATCHES } from '../notices.ts'

/** That the newest version of a list lacks rows which nobody lifted: of a batch with links to them, of one measure the day. */
export async function Lacking({ ctx, batch_id, measure_id }: { ctx: Ctx; batch_id?: string; measure_id?: string }) {
  const { t, format } = ctx
  const missing = await lacking(ctx, { batch_id, measure_id })
  if (missing.length === 0) return null
  if (measure_id)
    return (
      <Note state="attention" title={t('expulsions.lacking.one', { date: format.date(missing[0]!.noted_at) })}>
        {t('expulsions.lacking.stays')}
      </Note>
    )
  return (
    <Note state="attention" title={t('expulsions.lacking.some', { count: missing.length })}>
      <p>{t('expulsions.lacking.stay')}</p>
      <More label={t('expulsions.lacking.which')}>
        <ul>
          {missing.map(({ reference }) => (
            <li>
              <a href={localPath(ctx, `${BATCHES}/measures/${reference}`)} class="code">
                {reference}
              </a>
            </li>
          ))}
        </ul>
      </More>
    </Note>
  )
}
