import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { whereWords } from '../pages/listing-row.tsx'
import { payWords } from '../pay.ts'
import type { Vacancy } from '../vacancies.ts'
import { otherOffers } from './groups.ts'

/** Where else the same work is offered in the same words; nothing when nowhere. */
export async function OtherOffers({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const others = await otherOffers(ctx, vacancy.id)
  if (others.length === 0) return null
  return (
    <More icon="work" label={ctx.t('vacancies.offers.also', { count: others.length })}>
      <ul class="plainlist">
        {others.map((other) => (
          <Offer ctx={ctx} offer={other} href={localPath(ctx, `/vacancies/${other.reference}`)} />
        ))}
      </ul>
    </More>
  )
}

/** One of them: what tells it from the others. */
export async function Offer({ ctx, offer, href }: { ctx: Ctx; offer: Vacancy; href: string }) {
  const pay = payWords(ctx, offer)
  return (
    <li>
      <a href={href}>{await whereWords(ctx, offer)}</a>
      <br />
      <span class="quiet">
        {[pay ? `${pay.amount} ${pay.period}` : ctx.t('vacancies.pay.not_stated'), offer.reference].join(' · ')}
      </span>
    </li>
  )
}
