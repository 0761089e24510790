import type { Ctx } from '../context.ts'
import { localPath } from '../http/page.ts'
import type { NavigationItem } from '../module.ts'
import type { IconName } from './icons.tsx'

/** A link that is ready to be shown. `danger` marks the way out of danger. */
export type NavigationLink = { href: string; label: string; icon?: IconName; danger?: boolean }

/** A staff section. `path` is without the language; `count` things wait there, null where nothing is counted. */
export type WorkLink = NavigationLink & {
  path: string
  icon: IconName
  count: number | null
  section: NonNullable<NavigationItem['section']>
}

type Known = { path: string; label: string; icon?: IconName; danger?: boolean }

/** "I am in danger" has a neutral address: it stays in the history of a phone that others may look at. */
export const DANGER_PATH = '/help/now'

const DANGER: Known = { path: DANGER_PATH, label: 'ui.nav.danger', icon: 's-urgent', danger: true }

// In thumb's reach on phones.
const THUMB: readonly Known[] = [
  { path: '/', label: 'ui.nav.road', icon: 'road' },
  { path: '/help', label: 'ui.nav.help', icon: 'pin' },
  DANGER,
]

const FOOTER: readonly Known[] = [
  { path: '/my-case', label: 'my_case.title' },
  { path: '/employers/register', label: 'ui.nav.employers' },
  { path: '/about', label: 'ui.nav.about' },
  { path: '/accessibility', label: 'ui.nav.accessibility' },
  { path: '/privacy', label: 'ui.nav.privacy' },
  { path: '/help#contact', label: 'ui.nav.contact' },
]

/** What stands around every public page. Only pages that exist are linked; help in danger always is. */
export function publicNavigation(ctx: Ctx): Record<'header' | 'thumb' | 'footer', NavigationLink[]> {
  const pages = new Set(ctx.platform.parts.flatMap((part) => part.pages ?? []).map((page) => page.path))
  const link = ({ path, label, icon, danger }: Known) => ({
    href: pathOf(ctx, path),
    label: ctx.t(label),
    icon,
    danger,
  })
  const existing = (known: readonly Known[]) =>
    known.filter((item) => item.danger || pages.has(item.path.split('#')[0]!)).map(link)
  const offered = ctx.platform.parts.flatMap((part) => part.publicNavigation ?? [])
  return {
    header: [...offered.map((item) => ({ href: pathOf(ctx, item.href), label: ctx.t(item.label) })), link(DANGER)],
    thumb: existing(THUMB),
    footer: existing(FOOTER),
  }
}

/** The sections of the workspace that the actor may enter, each with what waits there. */
export async function workNavigation(ctx: Ctx): Promise<WorkLink[]> {
  const links: WorkLink[] = []
  for (const item of ctx.platform.parts.flatMap((part) => part.navigation ?? [])) {
    if (!mayEnter(ctx, item)) continue
    links.push({
      path: item.href,
      href: pathOf(ctx, item.href),
      label: ctx.t(item.label),
      icon: item.icon,
      count: (await item.count?.(ctx)) ?? null,
      section: item.section ?? 'main',
    })
  }
  return links
}

const mayEnter = ({ actor }: Ctx, { permission }: NavigationItem) =>
  actor.kind === 'staff' && (permission === undefined || actor.permissions.has(permission))

/** The address of a page in the reader's language; the home page is the language alone. */
export const pathOf = (ctx: Pick<Ctx, 'lang'>, path: string) => localPath(ctx, path === '/' ? '' : path)
