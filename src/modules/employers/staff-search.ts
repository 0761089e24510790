import type { SearchSource } from '#kernel/search/staff-search.ts'
import { listEmployers } from './employers.ts'

/** Employers and agencies, by name, number, telephone or reference. */
export const employerSearch: SearchSource = {
  name: 'employers',
  permission: 'employer.verify',
  label: 'employers.list.title',
  async find(ctx, text, limit, after) {
    const { items } = await listEmployers(ctx, { q: text, limit, ...(after && { after }) })
    return items.map((employer) => ({
      cursor: employer.organisation_id,
      icon: 'office',
      title: employer.legal_name,
      lang: employer.lang,
      href: `/work/employers/${employer.reference}`,
      why: [employer.reference, ctx.t(`employers.code.kind.${employer.kind}`), employer.tin]
        .filter(Boolean)
        .join(' · '),
      state: {
        state: employer.state === 'verified' ? 'ok' : employer.state === 'asked' ? 'attention' : 'stop',
        label: ctx.t(`employers.code.state.${employer.state}`),
      },
    }))
  },
}
