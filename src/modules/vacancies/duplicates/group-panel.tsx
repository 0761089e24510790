import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import type { Vacancy } from '../vacancies.ts'
import { groupBefore, putBack, takeApart } from './apart.ts'
import { otherOffers } from './groups.ts'
import { Offer } from './offers.tsx'

const REVIEW = '/work/vacancies/review'

/** The group of an advert, for officers: what else offers the same, and the way to take a wrong grouping apart and back. */
export async function GroupPanel({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const others = await otherOffers(ctx, vacancy.id)
  const wasIn = others.length === 0 ? await groupBefore(ctx, vacancy.id) : null
  const act = (name: 'apart' | 'together', icon: 'undo' | 'x') => (
    <form method="post" action={localPath(ctx, `${REVIEW}/${vacancy.reference}/${name}`)}>
      <Button kind="second" icon={icon}>
        {t(`vacancies.offers.${name}`)}
      </Button>
    </form>
  )
  if (others.length === 0)
    return wasIn ? (
      <div class="flow">
        <p class="quiet">{t('vacancies.offers.was_apart')}</p>
        {act('together', 'undo')}
      </div>
    ) : null
  return (
    <More icon="work" label={t('vacancies.offers.group', { count: others.length })}>
      <ul class="plainlist">
        {others.map((other) => (
          <Offer ctx={ctx} offer={other} href={localPath(ctx, `${REVIEW}/${other.reference}`)} />
        ))}
      </ul>
      <p class="quiet">{t('vacancies.offers.listed_once')}</p>
      {vacancy.state === 'published' && act('apart', 'x')}
    </More>
  )
}

/** Takes an advert out of its group. */
export const apartPage = definePage({
  path: `${REVIEW}/:reference/apart`,
  access: 'vacancy.review',
  async post(ctx, c) {
    const reference = c.req.param('reference')!
    await takeApart(ctx, reference)
    return seeOther(ctx, c, `${REVIEW}/${reference}`)
  },
})

/** Puts it back. */
export const togetherPage = definePage({
  path: `${REVIEW}/:reference/together`,
  access: 'vacancy.review',
  async post(ctx, c) {
    const reference = c.req.param('reference')!
    await putBack(ctx, reference)
    return seeOther(ctx, c, `${REVIEW}/${reference}`)
  },
})
