import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Note } from '#kernel/ui/states.tsx'
import { statedElsewhere } from '../measures.ts'
import { BATCHES } from '../notices.ts'

/** That another office states the same decision against the same person: what is corrected here has to be corrected there too. */
export async function Elsewhere({ ctx, measure_id }: { ctx: Ctx; measure_id: string }) {
  const found = await statedElsewhere(ctx, measure_id)
  if (found.length === 0) return null
  return (
    <Note state="attention" title={ctx.t('expulsions.elsewhere.title')}>
      <p>{ctx.t('expulsions.elsewhere.lead')}</p>
      <ul>
        {found.map(({ office, reference }) => (
          <li>
            {office}
            {reference && (
              <>
                {' · '}
                <a href={localPath(ctx, `${BATCHES}/measures/${reference}`)} class="code">
                  {reference}
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
    </Note>
  )
}
