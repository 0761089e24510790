import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { placeName, placePath } from '#kernel/places/places.ts'
import { Fact, Facts } from '#kernel/ui/blocks.tsx'
import { Tag } from '#kernel/ui/states.tsx'
import type { Listing } from '../listings.ts'
import { payWords } from '../pay.ts'
import { isStale } from '../vacancies.ts'

/** One advert in a list: what, how much, where, and what decides for a migrant. The whole row leads to it. */
export async function ListingRow({ ctx, listing }: { ctx: Ctx; listing: Listing }) {
  const { t } = ctx
  const pay = payWords(ctx, listing)
  return (
    <li>
      <h2 class="h3">
        <a
          href={localPath(ctx, `/vacancies/${listing.reference}`)}
          lang={listing.lang === ctx.lang ? undefined : listing.lang}
        >
          {listing.title}
        </a>
      </h2>
      <p class="pay">
        {pay ? (
          <>
            <b>{pay.amount}</b> <span class="quiet">{pay.period}</span>
          </>
        ) : (
          <span class="quiet">{t('vacancies.pay.not_stated')}</span>
        )}
      </p>
      <Facts>
        <Fact icon="pin">
          {await whereWords(ctx, listing)}
          {listing.also_offered > 0 && ` · ${t('vacancies.offers.more', { count: listing.also_offered })}`}
        </Fact>
        {listing.accommodation && <Fact icon="bed">{t('vacancies.fact.accommodation')}</Fact>}
        <ForeignersTag ctx={ctx} foreigners={listing.foreigners} country={listing.country} />
      </Facts>
      <p class="quiet">
        {listing.employer_name && (
          <span lang={listing.lang === ctx.lang ? undefined : listing.lang}>{listing.employer_name} · </span>
        )}
        <span class="nb">
          {listing.published_on ? ctx.format.date(listing.published_on) : t('vacancies.fact.undated')}
        </span>
        {isStale(ctx, listing.confirmed_on) && `, ${t('vacancies.fact.stale')}`}
      </p>
    </li>
  )
}

type Where = Pick<Listing, 'country' | 'place_code' | 'employer_place_code'>

/** Where the work is; where nobody says so, the country and where the employer is registered. */
export async function whereWords(ctx: Ctx, { country, place_code, employer_place_code }: Where): Promise<string> {
  if (place_code) return placePath(ctx, place_code)
  const words = await placePath(ctx, country)
  return employer_place_code
    ? `${words}; ${ctx.t('vacancies.fact.employer_in', { place: await placeName(ctx, employer_place_code) })}`
    : words
}

/** Open to foreigners, for citizens only, or nothing where the advert does not say. At home nobody is a foreigner. */
export function ForeignersTag({ ctx, foreigners, country }: { ctx: Ctx; foreigners: string | null; country: string }) {
  if (country === 'TJ' || foreigners === null) return null
  if (foreigners === 'no') return <Tag state="stop">{ctx.t('vacancies.foreigners.no')}</Tag>
  return <Tag state="ok">{ctx.t(`vacancies.foreigners.${foreigners}`)}</Tag>
}
