import type { Child, PropsWithChildren } from 'hono/jsx'
import type { Ctx } from '../context.ts'
import { asset } from '../http/assets.ts'
import { zoneName } from '../places/times.ts'
import { Brand } from './brand.tsx'
import { badgeText } from './counts.ts'
import { Icon } from './icons.tsx'
import { Document, LanguageLinks } from './layout.tsx'
import { pathOf, type WorkLink, workNavigation } from './navigation.ts'

// The page of the search itself asks in its own field.
const FIND = '/work/find'

export type WorkPageProps = PropsWithChildren<{
  ctx: Ctx
  title: string
  /** The section to mark in the rail, as a path without the language: `/work/vacancies/review`. */
  current: string
  /** This page without the language, for the language links; `current` without it. */
  path?: string
  /** More for the head. */
  head?: Child
}>

/**
 * A page of the staff workspace: who acts for whom, the sections with what waits there, the languages.
 * It counts what waits, so it must be rendered inside the request's transaction.
 */
export async function WorkPage({ ctx, title, current, path = current, head, children }: WorkPageProps) {
  const sections = await workNavigation(ctx)
  const here = pathOf(ctx, current)
  return (
    <Document
      ctx={ctx}
      title={title}
      robots="noindex"
      look="staff"
      head={[<script type="module" src={asset('work.js')} />, head]}
    >
      <header class="bar">
        <div class="in">
          <Brand ctx={ctx} href={pathOf(ctx, '/work')} />
          {offersSearch(ctx) && current !== FIND && <Find ctx={ctx} />}
          {sections
            .filter((link) => link.section === 'bar')
            .map((link) => (
              <SectionLink ctx={ctx} link={link} here={here} class="bell" />
            ))}
          <Me ctx={ctx} />
        </div>
        {ctx.actor.kind === 'staff' && <live-counts src={pathOf(ctx, '/work/live')} />}
      </header>
      <div class="frame">
        <details class="rail">
          <summary>
            <Icon name="menu" />
            {ctx.t('ui.sections')}
            <Icon name="down" turn />
          </summary>
          <nav aria-label={ctx.t('ui.sections')}>
            <Sections ctx={ctx} links={sections.filter((link) => link.section === 'main')} here={here} />
            {sections.some((link) => link.section === 'records') && <h2>{ctx.t('ui.section.records')}</h2>}
            <Sections ctx={ctx} links={sections.filter((link) => link.section === 'records')} here={here} />
            <h2>{ctx.t('ui.languages')}</h2>
            <div class="tongues">
              <LanguageLinks ctx={ctx} path={path} />
            </div>
          </nav>
        </details>
        <main class="desk" id="main">
          {children}
          <p class="quiet clock">{ctx.t('ui.clock', { zone: zoneName(ctx, ctx.format.time_zone, ctx.now) })}</p>
        </main>
      </div>
    </Document>
  )
}

const Sections = ({ ctx, links, here }: { ctx: Ctx; links: readonly WorkLink[]; here: string }) => (
  <>
    {links.map((link) => (
      <SectionLink ctx={ctx} link={link} here={here} />
    ))}
  </>
)

type SectionProps = { ctx: Ctx; link: WorkLink; here: string; class?: string }

const SectionLink = ({ ctx, link, here, class: look }: SectionProps) => (
  <a class={look} href={link.href} aria-current={link.href === here ? 'page' : undefined}>
    <Icon name={link.icon} />
    {link.label}
    {link.count !== null && <Badge ctx={ctx} of={link.path} count={link.count} />}
  </a>
)

/** How many wait somewhere; `<live-counts>` keeps it up to date. */
const Badge = ({ ctx, of, count }: { ctx: Ctx; of: string; count: number }) => (
  <b data-count={of} hidden={count === 0}>
    {badgeText(ctx, count)}
  </b>
)

const Find = ({ ctx }: { ctx: Ctx }) => (
  <form class="find" role="search" action={pathOf(ctx, FIND)}>
    <Icon name="search" />
    <label class="vh" for="find">
      {ctx.t('ui.find')}
    </label>
    <input id="find" type="search" name="q" placeholder={ctx.t('ui.find')} maxlength={200} />
    <kbd aria-hidden="true">/</kbd>
  </form>
)

const offersSearch = ({ actor, platform }: Ctx) =>
  actor.kind === 'staff' && platform.parts.some((part) => part.pages?.some(({ path }) => path === FIND))

function Me({ ctx }: { ctx: Ctx }) {
  if (ctx.actor.kind !== 'staff') return null
  return (
    <details class="me menu">
      <summary>
        <span>
          <b>{ctx.actor.name}</b>
          <span class="for">{ctx.actor.organisation_name}</span>
        </span>
        <Icon name="down" turn />
      </summary>
      <div>
        <a href={pathOf(ctx, '/work/account')}>
          <Icon name="person" />
          {ctx.t('ui.me.account')}
        </a>
        <a href={pathOf(ctx, '/work/organisation')}>
          <Icon name="office" />
          {ctx.t('ui.me.organisation')}
        </a>
        <form method="post" action={pathOf(ctx, '/sign-out')}>
          <button type="submit">
            <Icon name="door" />
            {ctx.t('ui.me.sign_out')}
          </button>
        </form>
      </div>
    </details>
  )
}
