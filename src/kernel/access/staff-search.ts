import type { SearchSource } from '../search/staff-search.ts'
import { listUsers } from './user-list.ts'

const LOOKS = { active: 'ok', locked: 'attention', closed: 'stop' } as const

/** The accounts one administers, by part of the name or e-mail address. */
export const userSearch: SearchSource = {
  name: 'users',
  permission: 'user.administer',
  label: 'access.users.title',
  find: async (ctx, text, limit, after) =>
    (await listUsers(ctx, { q: text, after }, limit)).map(({ id, name, email, state, memberships }) => ({
      cursor: id,
      icon: 'person',
      title: name,
      href: `/work/users/${id}`,
      why: [email, ...memberships.map(({ organisation }) => organisation)].join(' · '),
      state: { state: LOOKS[state], label: ctx.t(`access.state.${state}`) },
    })),
}
