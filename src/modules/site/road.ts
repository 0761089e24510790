import type { Ctx } from '#kernel/context.ts'
import { allPages } from '#kernel/http/pages.ts'
import type { HomeItem } from '#kernel/module.ts'
import { DANGER_PATH } from '#kernel/ui/navigation.ts'

/** The stations of the journey, in its order. */
export const STATIONS = ['before', 'abroad', 'back'] as const

/**
 * The whole journey. Each line names the address that its page has or will have: it becomes a link by itself when
 * a module brings that page, and stands among what is in preparation until then.
 */
export const ROAD: readonly HomeItem[] = [
  {
    station: 'quick',
    icon: 's-urgent',
    label: 'site.home.danger',
    href: DANGER_PATH,
    hint: async ({ t }) => t('site.home.danger_hint'),
  },
  { station: 'before', icon: 'plane', label: 'site.road.entry_check', href: '/entry-check' },
  { station: 'before', icon: 'work', label: 'site.road.work_offers', href: '/vacancies' },
  { station: 'before', icon: 'calendar', label: 'site.road.days', href: '/days' },
  { station: 'before', icon: 'shield', label: 'site.road.agency', href: '/agencies' },
  { station: 'before', icon: 'doc', label: 'site.road.costs', href: '/costs' },
  { station: 'before', icon: 'book', label: 'site.road.courses', href: '/courses' },
  { station: 'before', icon: 'save', label: 'site.road.save', href: '/for-the-road' },
  { station: 'before', icon: 'chat', label: 'site.road.advice', href: '/help#tajikistan' },
  { station: 'abroad', icon: 'money', label: 'site.road.wages', href: '/wages' },
  { station: 'abroad', icon: 'lock', label: 'site.road.detained', href: '/detained' },
  { station: 'abroad', icon: 'health', label: 'site.road.ill', href: '/ill' },
  { station: 'abroad', icon: 'office', label: 'site.road.consulates', href: '/help#russia' },
  { station: 'abroad', icon: 'shield', label: 'site.road.legal', href: '/help#legal' },
  { station: 'back', icon: 'tools', label: 'site.road.work_home', href: '/vacancies?country=TJ' },
  { station: 'back', icon: 'book', label: 'site.road.training', href: '/help#work' },
  { station: 'back', icon: 's-stop', label: 'site.road.ban', href: '/entry-ban' },
  { station: 'back', icon: 'health', label: 'site.road.health', href: '/health' },
  { station: 'back', icon: 'people', label: 'site.road.family', href: '/family' },
]

/** What the parts offer at a station: what one can open now, and what is only in preparation. */
export function itemsAt(ctx: Ctx, station: HomeItem['station']): { open: HomeItem[]; coming: HomeItem[] } {
  const pages = new Set(allPages(ctx.platform.parts).map((page) => page.path))
  const all = ctx.platform.parts.flatMap((part) => part.home ?? []).filter((item) => item.station === station)
  // Two parts may name the same page; one line is enough.
  const once = [...new Map(all.map((item) => [item.href, item])).values()]
  const exists = ({ href }: HomeItem) => pages.has(href.split(/[?#]/)[0]!)
  return { open: once.filter(exists), coming: once.filter((item) => !exists(item)) }
}
