import type { Ctx } from '#kernel/context.ts'
import { definePage } from '#kernel/http/page.ts'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { Icon } from '#kernel/ui/icons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { DANGER_PATH, pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { GROUPS, ORGANISATIONS, type Organisation } from '../organisations.ts'
import { Outside } from './outside.tsx'
import { isReachable, Place, PlaceRow } from './place.tsx'

// Asia-Plus called the published numbers on 19 and 21 November 2024.
const CALLED =
  'https://old.asiaplustj.info/en/news/tajikistan/society/20241129/long-beeps-in-response-how-the-migration-hotlines-in-tajikistan-are-working'

/** Who helps, in groups, each entry with its source and year. */
export const helpPage = definePage({
  path: '/help',
  access: 'public',
  get(ctx) {
    const { t } = ctx
    return (
      <PublicPage ctx={ctx} title={t('site.help.title')} description={t('site.help.description')} path="/help">
        <div class="flow">
          <h1>{t('site.help.title')}</h1>
          <p>{t('site.help.lead')}</p>
          <Contents ctx={ctx} />
          <Note state="attention" title={t('site.help.old.title')}>
            {t('site.help.old.text')} <Outside href={CALLED}>{t('site.help.old.source')}</Outside>
          </Note>
          {GROUPS.map((group) => (
            <section class="flow" id={group}>
              <h2>{t(`site.help.group.${group}`)}</h2>
              {group === 'danger' && <InDanger ctx={ctx} />}
              <Places ctx={ctx} organisations={ORGANISATIONS.filter((organisation) => organisation.group === group)} />
            </section>
          ))}
          <section class="flow" id="contact">
            <h2>{t('site.help.contact')}</h2>
            <p>{t('site.help.contact.text')}</p>
            <p>{t('site.help.contact.report')}</p>
            <p>
              {t.rich('site.help.contact.staff', { a: (chunks) => <a href={pathOf(ctx, '/sign-in')}>{chunks}</a> })}
            </p>
          </section>
        </div>
      </PublicPage>
    )
  },
})

const Contents = ({ ctx: { t } }: { ctx: Ctx }) => (
  <nav aria-label={t('site.help.contents')}>
    <ul class="ways contents">
      {[
        ...GROUPS.map((group) => [group, `site.help.group.${group}`] as const),
        ['contact', 'site.help.contact'] as const,
      ].map(([id, label]) => (
        <li>
          <a href={`#${id}`}>
            <span>{t(label)}</span>
            <Icon name="down" />
          </a>
        </li>
      ))}
    </ul>
  </nav>
)

const InDanger = ({ ctx }: { ctx: Ctx }) => (
  <>
    <p>{ctx.t('site.help.danger.text')}</p>
    <p class="btns">
      <LinkButton kind="danger" icon="s-urgent" href={pathOf(ctx, DANGER_PATH)}>
        {ctx.t('site.help.danger.button')}
      </LinkButton>
    </p>
  </>
)

// First who answers a call or has a page of its own; then the others, in rows.
const Places = ({ ctx, organisations }: { ctx: Ctx; organisations: Organisation[] }) => {
  const reachable = organisations.filter(isReachable)
  const others = organisations.filter((organisation) => !isReachable(organisation))
  return (
    <>
      {reachable.length > 0 && (
        <ul class="places">
          {reachable.map((organisation) => (
            <Place ctx={ctx} organisation={organisation} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <>
          <p class="missing">
            <Icon name="s-unknown" />
            {ctx.t('site.help.no_number')}
          </p>
          <ul class="offices">
            {others.map((organisation) => (
              <PlaceRow ctx={ctx} organisation={organisation} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}
