import type { Ctx } from '#kernel/context.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { Fact, Facts, Pairs } from '#kernel/ui/blocks.tsx'
import { NotStated, Tag } from '#kernel/ui/states.tsx'
import { payInSomoni, payWords } from '../pay.ts'
import { ContractCopy } from '../posting/pages/contract-copy-panel.tsx'
import { PostedBy } from '../posting/pages/posted-by.tsx'
import { LISTED } from '../sources/facts.ts'
import { confirmedOn, isStale, type Vacancy } from '../vacancies.ts'
import { CostTable } from './cost-table.tsx'
import { ForeignersTag, whereWords } from './listing-row.tsx'

/** Title, place, occupation, pay and the states that decide: shared by the page, its print view and the review. */
export async function VacancyHead({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const pay = payWords(ctx, vacancy)
  const inSomoni = await payInSomoni(ctx, vacancy)
  const confirmed = confirmedOn(vacancy)
  return (
    <>
      <div>
        <h1 lang={vacancy.lang}>{vacancy.title}</h1>
        <Facts>
          <Fact icon="pin">{await whereWords(ctx, vacancy)}</Fact>
          <Fact icon="work">
            {vacancy.isco
              ? `${await occupationLabel(ctx, vacancy.isco)} · ${t('vacancies.show.isco', { code: vacancy.isco })}`
              : t('vacancies.show.isco_unknown')}
          </Fact>
          {vacancy.employer_name && (
            <Fact icon="office" lang={vacancy.lang}>
              {vacancy.employer_name}
            </Fact>
          )}
        </Facts>
      </div>
      <div>
        <p class="bigpay">{pay ? `${pay.amount} ${pay.period}` : t('vacancies.pay.not_stated')}</p>
        {pay && <p class="quiet">{t(`vacancies.pay.gross_${vacancy.pay_gross}`)}</p>}
        {inSomoni && (
          <p class="quiet">
            {t('vacancies.pay.converted', {
              amount: inSomoni.amount,
              date: ctx.format.date(inSomoni.rate_date),
              source: inSomoni.source,
            })}
          </p>
        )}
      </div>
      <Facts>
        {vacancy.sample && <Tag state="attention">{t('vacancies.show.sample')}</Tag>}
        <ForeignersTag ctx={ctx} foreigners={vacancy.foreigners} country={vacancy.country} />
        {vacancy.foreigners === null && vacancy.country !== 'TJ' && (
          <Tag state="unknown">{t('vacancies.foreigners.unknown')}</Tag>
        )}
        {vacancy.accommodation && (
          <Tag state="ok" icon="bed">
            {t('vacancies.fact.accommodation')}
          </Tag>
        )}
        {isStale(ctx, confirmed) && (
          <Tag state="attention">{t('vacancies.show.stale', { date: ctx.format.date(confirmed!) })}</Tag>
        )}
        {!vacancy.published_on && <Tag state="unknown">{t('vacancies.fact.undated')}</Tag>}
      </Facts>
    </>
  )
}

/** The work, who pays what, the documents, and where all this comes from. */
export function VacancyBody({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const missing = <NotStated ctx={ctx} />
  const source = vacancy.source_url ? (
    <a href={vacancy.source_url}>{t(`vacancies.source.${vacancy.source}`)}</a>
  ) : (
    t(`vacancies.source.${vacancy.source}`)
  )
  const words = (text: string | null) => text && <Words text={text} lang={vacancy.lang} />
  return (
    <>
      <h2>{t('vacancies.show.work')}</h2>
      <Pairs
        items={[
          [t('vacancies.field.duties'), words(vacancy.duties) ?? missing],
          [t('vacancies.field.requirements'), words(vacancy.requirements) ?? missing],
          vacancy.conditions !== null && [t('vacancies.field.conditions'), words(vacancy.conditions)],
          [
            t('vacancies.field.hours'),
            words([vacancy.schedule, vacancy.hours].filter(Boolean).join('. ') || null) ?? missing,
          ],
          [
            t('vacancies.field.contract'),
            vacancy.contract ? t(`vacancies.code.contract.${vacancy.contract}`) : missing,
          ],
          [t('vacancies.field.experience'), words(vacancy.experience) ?? missing],
          ...LISTED.map(
            (name) => vacancy[name] !== null && ([t(`vacancies.column.${name}`), words(vacancy[name])] as const),
          ),
          [t('vacancies.field.positions'), vacancy.positions === null ? missing : ctx.format.number(vacancy.positions)],
          [t('vacancies.field.workplace'), words(vacancy.workplace_text ?? vacancy.region_text) ?? missing],
          vacancy.employer_region !== null && [t('vacancies.field.employer_region'), words(vacancy.employer_region)],
          vacancy.expires_on !== null && [t('vacancies.field.expires'), ctx.format.date(vacancy.expires_on)],
        ]}
      />
      {vacancy.foreigners_quote && (
        <p class="quiet">
          {t('vacancies.show.quote')} <q lang={vacancy.lang}>{vacancy.foreigners_quote}</q>
        </p>
      )}
      <h2>{t('vacancies.show.who_pays')}</h2>
      <CostTable ctx={ctx} vacancy={vacancy} />
      <ContractCopy ctx={ctx} vacancy={vacancy} />
      <PostedBy ctx={ctx} vacancy={vacancy} />
      <h2>{t('vacancies.show.documents')}</h2>
      {vacancy.documents.length > 0 || vacancy.medical_card ? (
        <ul class="plainlist" lang={vacancy.lang}>
          {vacancy.documents.map((document) => (
            <li>
              <Fact icon="doc">{document}</Fact>
            </li>
          ))}
          {vacancy.medical_card && (
            <li lang={ctx.lang}>
              <Fact icon="doc">{t('vacancies.show.medical_card')}</Fact>
            </li>
          )}
        </ul>
      ) : (
        <p>{missing}</p>
      )}
      <p class="source">
        {t('vacancies.show.source')} {source}.{' '}
        {vacancy.published_on && t('vacancies.show.published', { date: ctx.format.date(vacancy.published_on) })}{' '}
        {vacancy.lang !== ctx.lang && t('vacancies.show.original_language')} {t('vacancies.show.reference')}{' '}
        <span class="code">{vacancy.reference}</span>
      </p>
    </>
  )
}

// What sources wrote line by line stays line by line.
const Words = ({ text, lang }: { text: string; lang: string }) => (
  <span lang={lang}>
    {text.split('\n').map((line, i) => (
      <>
        {i > 0 && <br />}
        {line}
      </>
    ))}
  </span>
)
