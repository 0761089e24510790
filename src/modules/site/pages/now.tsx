import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { definePage } from '#kernel/http/page.ts'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import type { IconName } from '#kernel/ui/icons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { DANGER_PATH, pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { EMERGENCY, ORGANISATIONS } from '../organisations.ts'
import { Outside } from './outside.tsx'
import { Place } from './place.tsx'

// Not the police, and reachable: against trafficking, a lawyer from afar, the ministry's representatives in Russia.
const CONFIDANTS = ['iom', 'react', 'labour_moscow']

/**
 * "I am in danger". Its title and address say nothing to whoever looks at the phone later, and no cache keeps it.
 * It asks the database nothing, so that it stands when other pages fall.
 */
export const nowPage = definePage({
  path: DANGER_PATH,
  access: 'public',
  get(ctx, c) {
    const { t } = ctx
    c.header('Cache-Control', 'no-store')
    return (
      <PublicPage ctx={ctx} title={t('site.now.title')} path={DANGER_PATH} robots="noindex">
        <div class="flow">
          <Exit ctx={ctx} />
          <h1>{t('site.now.title')}</h1>
          <Call ctx={ctx} id="rescue_tajikistan" kind="danger" hint="site.now.call_hint" />
          <Call ctx={ctx} id="police_help_tajikistan" kind="second" hint="site.now.call_police_hint" />
          <p class="source">
            <Sources ctx={ctx} />
          </p>
          <h2>{t('site.now.steps')}</h2>
          <ol class="todo">
            {['call', 'go', 'tell', 'papers'].map((step) => (
              <li>{t(`site.now.step_${step}`)}</li>
            ))}
          </ol>
          <Note state="attention" title={t('site.now.papers.title')}>
            {t('site.now.papers.text')} <a href={pathOf(ctx, '/help#russia')}>{t('site.help.group.russia')}</a>
          </Note>
          <h2>{t('site.now.who')}</h2>
          <ul class="places">
            {CONFIDANTS.map((id) => (
              <Place ctx={ctx} organisation={ORGANISATIONS.find((organisation) => organisation.id === id)!} />
            ))}
          </ul>
          <p>
            <a href={pathOf(ctx, '/help')}>{t('site.now.more')}</a>
          </p>
          <h2>{t('site.now.traces')}</h2>
          <ul class="bullets">
            {['page', 'history', 'calls', 'phone'].map((trace) => (
              <li>{t(`site.now.trace_${trace}`)}</li>
            ))}
          </ul>
          <Exit ctx={ctx} />
        </div>
      </PublicPage>
    )
  },
})

// Leads to our own list of jobs: it opens at once on the slowest network, tells no other site, and looks like a search for work.
const Exit = ({ ctx }: { ctx: Ctx }) => (
  <div class="noprint">
    <Action
      kind="second"
      icon="x"
      href={pathOf(ctx, '/vacancies')}
      label={ctx.t('site.now.exit')}
      hint={ctx.t('site.now.exit_hint')}
    />
  </div>
)

type CallProps = { ctx: Ctx; id: string; kind: 'danger' | 'second'; hint: string }

const Call = ({ ctx: { t }, id, kind, hint }: CallProps) => {
  const { number } = EMERGENCY[id]!
  return (
    <Action
      kind={kind}
      icon="phone"
      href={`tel:${number.replaceAll('-', '')}`}
      label={t('site.now.call', { number })}
      hint={t(hint)}
    />
  )
}

const Sources = ({ ctx: { t } }: { ctx: Ctx }) => {
  const { rescue_tajikistan: tj, police_help_tajikistan: police, emergency_russia: ru } = EMERGENCY
  const link = (url: string) => (chunks: Child[]) => <Outside href={url}>{chunks}</Outside>
  return (
    <>
      {t.rich('site.now.sources', {
        tj: link(tj!.source_url),
        tj_year: tj!.as_of_year!,
        police: link(police!.source_url),
        police_year: police!.as_of_year!,
        ru: link(ru!.source_url),
        ru_year: ru!.as_of_year!,
      })}
    </>
  )
}

type ActionProps = { kind: 'danger' | 'second'; icon: IconName; href: string; label: string; hint: string }

const Action = ({ kind, icon, href, label, hint }: ActionProps) => (
  <div class="flow tight">
    <p class="btns">
      <LinkButton kind={kind} icon={icon} href={href}>
        {label}
      </LinkButton>
    </p>
    <p class="quiet">{hint}</p>
  </div>
)
