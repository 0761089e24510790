import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { Pairs } from '#kernel/ui/blocks.tsx'
import { Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note, NotStated } from '#kernel/ui/states.tsx'
import { isReachable, type Organisation, Outside, Place, PlaceRow } from '#modules/site/public.ts'
import { factsOn, offices, type Topic } from '../offices.ts'
import { AGENCIES_PATH } from './agencies.tsx'

export const OFFICES_PATH = '/work-offices'

/** The employment offices, the Migration Service and who recruits for abroad: what sources say, and what none does. */
export const officesPage = definePage({
  path: OFFICES_PATH,
  access: 'public',
  get(ctx) {
    const { t } = ctx
    const { employment, migration } = offices()
    return (
      <PublicPage ctx={ctx} title={t('guide.offices.title')} description={t('guide.offices.lead')} path={OFFICES_PATH}>
        <div class="flow">
          <h1>{t('guide.offices.title')}</h1>
          <p>{t('guide.offices.lead')}</p>
          <h2>{t('guide.offices.employment')}</h2>
          <Topics ctx={ctx} topics={['employment_services', 'hours', 'register', 'bring']} />
          <Note state="unknown" title={t('guide.offices.ask_title')}>
            <p>{t('guide.offices.ask')}</p>
            <ul class="bullets">
              {['papers', 'money', 'courses', 'home'].map((question) => (
                <li>{t(`guide.offices.ask_${question}`)}</li>
              ))}
            </ul>
          </Note>
          <Bodies ctx={ctx} organisations={employment} />
          <h2>{t('guide.offices.migration')}</h2>
          <Facts ctx={ctx} topic="migration_services" />
          <Bodies ctx={ctx} organisations={migration} />
          <h2 id="recruitment">{t('guide.offices.recruitment')}</h2>
          <p>{t('guide.offices.recruitment_text')}</p>
          <Topics ctx={ctx} topics={['licences', 'overseas_agency', 'licensed_agencies', 'unions']} />
          <p>{t('guide.offices.never_pay')}</p>
          <Buttons>
            <LinkButton icon="shield" href={localPath(ctx, AGENCIES_PATH)}>
              {t('guide.agency.title')}
            </LinkButton>
            <LinkButton kind="second" icon="work" href={localPath(ctx, '/vacancies')}>
              {t('guide.offices.vacancies')}
            </LinkButton>
          </Buttons>
        </div>
      </PublicPage>
    )
  },
})

type Asked = Exclude<Topic, 'migration_services'>

const Topics = ({ ctx, topics }: { ctx: Ctx; topics: Asked[] }) => (
  <Pairs items={topics.map((topic) => [ctx.t(`guide.offices.${topic}`), <Facts ctx={ctx} topic={topic} />] as const)} />
)

function Facts({ ctx, topic }: { ctx: Ctx; topic: Topic }) {
  const facts = factsOn(topic)
  if (facts.length === 0) return <NotStated ctx={ctx} />
  return (
    <ul class="plainlist">
      {facts.map(({ code, source_url, as_of_year }) => {
        const host = new URL(source_url).hostname.replace(/^www\./, '')
        const a = (chunks: Child[]) => <Outside href={source_url}>{chunks}</Outside>
        return (
          <li>
            {ctx.t(`guide.topic.${code}`)}
            <br />
            <span class="source">
              {as_of_year
                ? ctx.t.rich('guide.offices.as_of', { host, year: as_of_year, a })
                : ctx.t.rich('guide.offices.as_of_unknown', { host, a })}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

const Bodies = ({ ctx, organisations }: { ctx: Ctx; organisations: Organisation[] }) => (
  <>
    <ul class="places">
      {organisations.filter(isReachable).map((organisation) => (
        <Place ctx={ctx} organisation={organisation} />
      ))}
    </ul>
    <ul class="offices">
      {organisations
        .filter((organisation) => !isReachable(organisation))
        .map((organisation) => (
          <PlaceRow ctx={ctx} organisation={organisation} />
        ))}
    </ul>
  </>
)
