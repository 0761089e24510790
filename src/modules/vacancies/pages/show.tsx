import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { Crumb } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { OtherOffers } from '../duplicates/offers.tsx'
import { jobPosting } from '../job-posting.ts'
import { payWords } from '../pay.ts'
import { getPublicVacancy, type Vacancy } from '../vacancies.ts'
import { VacancyBody, VacancyHead } from './advert.tsx'
import { ApplyCard } from './apply-card.tsx'
import { whereWords } from './listing-row.tsx'
import { PatentNote } from './patent.tsx'
import { Share } from './share.tsx'

/** One advert: pay first, then whether it is open to the reader, the work, who pays what, and how to apply. */
export const vacancyPage = definePage({
  path: '/vacancies/:reference',
  access: 'public',
  async get(ctx, c) {
    const vacancy = await getPublicVacancy(ctx, c.req.param('reference')!)
    const { t } = ctx
    const posting = await jobPosting(ctx, vacancy)
    return (
      <PublicPage
        ctx={ctx}
        title={vacancy.title}
        description={await description(ctx, vacancy)}
        current="/vacancies"
        path={`/vacancies/${vacancy.reference}`}
        // An invented advert is nothing to be found by the world.
        robots={vacancy.sample ? 'noindex' : undefined}
        head={
          posting && (
            <script
              type="application/ld+json"
              dangerouslySetInnerHTML={{ __html: JSON.stringify(posting).replaceAll('<', '\\u003c') }}
            />
          )
        }
      >
        <Crumb href={localPath(ctx, '/vacancies')} label={t('vacancies.show.back')} />
        <div class="two">
          <article class="flow">
            <VacancyHead ctx={ctx} vacancy={vacancy} />
            <p class="narrow noprint">
              <LinkButton href="#apply" icon="phone">
                {t('vacancies.show.apply')}
              </LinkButton>
            </p>
            {vacancy.country === 'RU' && <PatentNote ctx={ctx} vacancy={vacancy} />}
            <VacancyBody ctx={ctx} vacancy={vacancy} />
            <OtherOffers ctx={ctx} vacancy={vacancy} />
          </article>
          <aside class="flow">
            <ApplyCard ctx={ctx} vacancy={vacancy} />
            <Note state="stop" title={t('vacancies.show.fraud')}>
              <p>{t('vacancies.show.fraud_text')}</p>
              <p>
                <a href={localPath(ctx, `/vacancies/${vacancy.reference}/report`)}>{t('vacancies.show.report')}</a>
              </p>
              <p>
                <a
                  href={localPath(
                    ctx,
                    `/agencies${vacancy.employer_name ? `?q=${encodeURIComponent(vacancy.employer_name)}` : ''}`,
                  )}
                >
                  {t('vacancies.show.check_employer')}
                </a>
              </p>
            </Note>
            <Share ctx={ctx} vacancy={vacancy} />
          </aside>
        </div>
      </PublicPage>
    )
  },
})

async function description(ctx: Ctx, vacancy: Vacancy): Promise<string> {
  const pay = payWords(ctx, vacancy)
  return [vacancy.title, await whereWords(ctx, vacancy), pay && `${pay.amount} ${pay.period}`]
    .filter(Boolean)
    .join(' · ')
}
