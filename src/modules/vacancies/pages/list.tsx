import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { parseReference } from '#kernel/ids.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { placeName } from '#kernel/places/places.ts'
import { Empty } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { CheckboxGroup, RadioGroup } from '#kernel/ui/choices.tsx'
import { SelectField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Filters, Pager, Seek } from '#kernel/ui/lists.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { type Count, countFacets, countListings, type Facets } from '../counts.ts'
import { searchListings } from '../listings.ts'
import { payCurrencies } from '../pay.ts'
import { isListed } from '../vacancies.ts'
import { type Asked, apiSearch, DAYS, kept, narrowed, readAsked, search, understand } from './asked.ts'
import { ListingRow } from './listing-row.tsx'
import { placeAsked, SearchNotes } from './search-notes.tsx'

const PAGE_SIZE = 20

/** Published adverts, found by words and filters; the first two stand on the first screen of a small phone. */
export const vacancyList = definePage({
  path: '/vacancies',
  access: 'public',
  async get(ctx, c) {
    const { t } = ctx
    const asked = readAsked(new URL(c.req.url).searchParams)
    const reference = asked.q && parseReference(asked.q)
    if (reference && (await isListed(ctx, reference))) return c.redirect(localPath(ctx, `/vacancies/${reference}`), 302)
    const { query, missing } = await understand(ctx, asked, PAGE_SIZE)
    const [{ items, next }, total, facets] = await Promise.all([
      searchListings(ctx, query),
      countListings(ctx, query),
      countFacets(ctx, query),
    ])
    const where = await placeAsked(ctx, query)
    const path = `/vacancies${search(asked, {})}`
    return (
      <PublicPage
        ctx={ctx}
        title={t('vacancies.list.title')}
        description={t('vacancies.list.description')}
        current="/vacancies"
        path={path}
        head={<FeedLinks ctx={ctx} />}
      >
        <h1>{t('vacancies.list.title')}</h1>
        <div class="list-grid">
          <Seek
            label={t('vacancies.list.what')}
            hideLabel
            placeholder={t('vacancies.list.what')}
            buttonLabel={t('vacancies.list.seek')}
            value={asked.q}
            keep={kept(asked, ['q', 'literal', 'after'])}
          />
          <Filters
            ctx={ctx}
            label={t('vacancies.filter.title')}
            clear={narrowed(asked) ? localPath(ctx, `/vacancies${search({ q: asked.q }, {})}`) : undefined}
            keep={asked.q ? [['q', asked.q]] : []}
          >
            <FilterFields
              ctx={ctx}
              asked={asked}
              facets={facets}
              currencies={await payCurrencies(ctx)}
              occupations={await occupationOptions(ctx, offered(facets.isco, asked.isco))}
              countries={await countryOptions(ctx, offered(facets.country, asked.country))}
            />
          </Filters>
          <div class="list-main">
            {missing && (
              <Note state="unknown" title={t('vacancies.filter.place_unknown', { place: missing })}>
                {t('vacancies.filter.place_unknown_hint')}
              </Note>
            )}
            <SearchNotes ctx={ctx} asked={asked} query={query} />
            <div class="listbar">
              <p>{t.rich('vacancies.list.count', { ...countValues(total), b: (chunks) => <b>{chunks}</b> })}</p>
              <p class="quiet">
                {where
                  ? t('vacancies.search.place', { place: where })
                  : t(asked.q ? 'vacancies.list.by_fit' : 'vacancies.list.newest')}
              </p>
            </div>
            {items.length === 0 ? (
              <NothingFound ctx={ctx} asked={asked} />
            ) : (
              <ul class="jobs">
                {items.map((listing) => (
                  <ListingRow ctx={ctx} listing={listing} />
                ))}
              </ul>
            )}
            <Pager
              ctx={ctx}
              shown={items.length}
              total={total}
              next={next && localPath(ctx, `/vacancies${search(asked, { after: next })}`)}
              more={t('vacancies.list.more')}
              previous={asked.after && localPath(ctx, `/vacancies${search(asked, { after: undefined })}`)}
            />
            {(asked.q || asked.isco) && (
              <p class="noprint">
                <LinkButton
                  kind="second"
                  icon="bell"
                  href={localPath(ctx, `/alert-me${search(asked, { after: undefined, days: undefined })}`)}
                >
                  {t('vacancies.list.tell_me')}
                </LinkButton>
              </p>
            )}
            <p class="source">
              {t('vacancies.list.source')}{' '}
              <a href={localPath(ctx, `/vacancies.csv${search(asked, { after: undefined })}`)}>
                {t('vacancies.list.export')}
              </a>{' '}
              · <a href={`/api/v1/vacancies${apiSearch(query)}`}>JSON</a> ·{' '}
              <a href={`/feeds/vacancies.${ctx.lang}.atom`}>Atom</a>
            </p>
          </div>
        </div>
      </PublicPage>
    )
  },
})

type Options = { value: string; label: string; count: string }[]

type FilterProps = {
  ctx: Ctx
  asked: Asked
  facets: Facets
  currencies: string[]
  occupations: Options
  countries: Options
}

function FilterFields({ ctx, asked, facets, currencies, occupations, countries }: FilterProps) {
  const { t } = ctx
  const counted = (name: keyof Facets, value: string) =>
    countWords(ctx, facets[name].find((facet) => facet.value === value) ?? { count: 0 })
  const contracts = offered(facets.contract, asked.contract)
  return (
    <>
      <TextField
        name="place"
        label={t('vacancies.filter.place')}
        hint={t('vacancies.filter.place_hint')}
        value={asked.place}
        autocomplete="address-level2"
      />
      <SelectField
        name="isco"
        label={t('vacancies.filter.occupation')}
        empty={t('vacancies.filter.any')}
        value={asked.isco}
        options={occupations.map(({ value, label, count }) => ({ value, label: `${label} (${count})` }))}
      />
      {countries.length > 0 && (
        <CheckboxGroup
          name="country"
          label={t('vacancies.filter.country')}
          values={asked.country}
          options={countries}
        />
      )}
      <CheckboxGroup
        name="only"
        label={t('vacancies.filter.conditions')}
        values={asked.only}
        options={[
          { value: 'foreigners', label: t('vacancies.filter.foreigners'), count: counted('foreigners', 'yes') },
          {
            value: 'accommodation',
            label: t('vacancies.filter.accommodation'),
            count: counted('accommodation', 'yes'),
          },
        ]}
      />
      {contracts.length > 0 && (
        <CheckboxGroup
          name="contract"
          label={t('vacancies.filter.contract')}
          values={asked.contract}
          options={contracts.map((facet) => ({
            value: facet.value,
            label: t(`vacancies.code.contract.${facet.value}`),
            count: countWords(ctx, facet),
          }))}
        />
      )}
      <TextField
        name="salary"
        label={t('vacancies.filter.salary')}
        hint={t('vacancies.filter.salary_hint')}
        value={asked.salary}
        inputmode="numeric"
        width="short"
      />
      <SelectField
        name="currency"
        label={t('vacancies.filter.currency')}
        value={asked.currency ?? 'TJS'}
        options={currencies.map((code) => ({ value: code, label: currencyName(ctx, code) }))}
      />
      <RadioGroup
        name="days"
        label={t('vacancies.filter.days')}
        value={asked.days ?? ''}
        options={[
          { value: '', label: t('vacancies.filter.any_time') },
          ...DAYS.map((days) => ({ value: days, label: t('vacancies.filter.last_days', { days: Number(days) }) })),
        ]}
      />
      <CheckboxGroup
        name="all"
        label={t('vacancies.filter.citizens')}
        values={asked.all ? [asked.all] : []}
        options={[{ value: 'yes', label: t('vacancies.filter.citizens_too') }]}
      />
    </>
  )
}

const currencyName = ({ t }: Ctx, code: string) =>
  t.has(`money.currency.${code}`) ? t(`money.currency.${code}`, { n: 1, after: 'counted' }) : code

/** The choices of a filter; what was chosen stays one of them, also when nothing is left of it. */
const offered = (facet: Facets[keyof Facets], chosen: string | readonly string[] = []): Facets[keyof Facets] => [
  ...facet,
  ...[chosen]
    .flat()
    .filter((value) => !facet.some((one) => one.value === value))
    .map((value) => ({ value, count: 0 })),
]

/** A count for people; `≈` where it was reckoned from a sample. */
function countWords({ t, format }: Ctx, { count, about }: { count: number; about?: true }): string {
  const number = format.number(count)
  return about ? t('vacancies.filter.about', { count: number }) : number
}

const occupationOptions = async (ctx: Ctx, facet: Facets['isco']): Promise<Options> => {
  const options = await Promise.all(
    facet.map(async (one) => ({
      value: one.value,
      count: countWords(ctx, one),
      label: await occupationLabel(ctx, one.value),
    })),
  )
  return options.sort((a, b) => ctx.format.compare(a.label, b.label))
}

const countryOptions = (ctx: Ctx, facet: Facets['country']): Promise<Options> =>
  Promise.all(
    facet.map(async (one) => ({
      value: one.value,
      count: countWords(ctx, one),
      label: await placeName(ctx, one.value),
    })),
  )

function NothingFound({ ctx, asked }: { ctx: Ctx; asked: Asked }) {
  const { t } = ctx
  return (
    <Empty
      title={asked.q ? t('vacancies.list.none_for', { q: asked.q }) : t('vacancies.list.none')}
      text={t('vacancies.list.none_hint')}
    >
      {narrowed(asked) && asked.q && (
        <LinkButton href={localPath(ctx, `/vacancies${search({ q: asked.q }, {})}`)}>
          {t('vacancies.list.without_filters')}
        </LinkButton>
      )}
      <LinkButton kind="second" href={localPath(ctx, '/vacancies')}>
        {t('vacancies.list.all')}
      </LinkButton>
    </Empty>
  )
}

const FeedLinks = ({ ctx }: { ctx: Ctx }) => (
  <link
    rel="alternate"
    type="application/atom+xml"
    title={ctx.t('vacancies.list.title')}
    href={`/feeds/vacancies.${ctx.lang}.atom`}
  />
)

const countValues = (total: Count) =>
  typeof total === 'number' ? { count: total, more: 'no' } : { count: total.atLeast, more: 'yes' }
