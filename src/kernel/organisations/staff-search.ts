import { fold } from '../search/fold.ts'
import type { SearchSource } from '../search/staff-search.ts'
import { listOrganisations, nameOf } from './organisations.ts'

/** Organisations by part of their name in any language, however it is spelt; those of the reader's alphabet first. */
export const organisationSearch: SearchSource = {
  name: 'organisations',
  permission: 'organisation.administer',
  label: 'organisations.title',
  async find(ctx, text, limit, after) {
    const part = fold(text)
    const found = (await listOrganisations(ctx))
      .filter(({ names }) => Object.values(names).some((name) => fold(name).includes(part)))
      .sort((a, b) => ctx.format.compare(nameOf(a, ctx.lang), nameOf(b, ctx.lang)))
    const from = after ? found.findIndex(({ id }) => id === after) + 1 : 0
    return found.slice(from, from + limit).map((organisation) => ({
      cursor: organisation.id,
      icon: 'office',
      title: nameOf(organisation, ctx.lang),
      href: `/work/organisations/${organisation.id}`,
      why: `${ctx.t(`organisations.code.kind.${organisation.kind}`)} · ${organisation.country}`,
      state: organisation.closed_at
        ? { state: 'stop', label: ctx.t('organisations.state.closed') }
        : { state: 'ok', label: ctx.t('organisations.state.open') },
    }))
  },
}
