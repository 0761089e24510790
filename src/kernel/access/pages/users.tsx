import type { Ctx } from '../../context.ts'
import { defineExport } from '../../exports/export.ts'
import { ExportLinks } from '../../exports/pages/links.tsx'
import { definePage, localPath } from '../../http/page.ts'
import { queryOf, stated } from '../../http/query.ts'
import { ROLES } from '../../module.ts'
import { Empty, Headline } from '../../ui/blocks.tsx'
import { LinkButton } from '../../ui/buttons.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Filters, Pager, Seek } from '../../ui/lists.tsx'
import { Note, Tag } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { may } from '../authorise.ts'
import { countUsers, listUsers, readUserFilters, type User } from '../user-list.ts'
import { EVERYWHERE, USER_STATES, type UserState } from '../users.ts'
import { roleNames } from './rights.tsx'
import { organisationOptions } from './user-new.tsx'

const PATH = '/work/users'
const SHOWN = 50
const STATE_TAGS = { active: 'ok', locked: 'attention', closed: 'stop' } as const

/** The accounts of the organisation, or for platform administrators of all. */
export const usersPage = definePage({
  path: PATH,
  access: 'user.administer',
  async get(ctx, c) {
    const { t } = ctx
    const { after, ...filters } = readUserFilters(new URL(c.req.url).searchParams)
    const found = await listUsers(ctx, { ...filters, after }, SHOWN + 1)
    const users = found.slice(0, SHOWN)
    const total = await countUsers(ctx, filters)
    const { q, ...narrowed } = filters
    return (
      <WorkPage ctx={ctx} title={t('access.users.title')} current={PATH} path={PATH + queryOf({ ...filters, after })}>
        <Headline title={t('access.users.title')} lead={t('access.users.found', { count: total })}>
          <LinkButton icon="person" href={localPath(ctx, `${PATH}/new`)}>
            {t('access.users.new')}
          </LinkButton>
          <ExportLinks ctx={ctx} href={(ending) => localPath(ctx, PATH + ending + queryOf(filters))} />
        </Headline>
        <Seek
          label={t('access.users.search')}
          hideLabel
          placeholder={t('access.users.search')}
          value={q}
          keep={stated(narrowed)}
        />
        <Filters
          ctx={ctx}
          label={t('access.users.filters')}
          action={localPath(ctx, PATH)}
          clear={localPath(ctx, PATH)}
          open={stated(narrowed).length > 0}
          keep={stated({ q })}
        >
          <SelectField
            name="state"
            label={t('access.users.state')}
            empty={t('access.users.all')}
            value={filters.state}
            options={USER_STATES.map((value) => ({ value, label: t(`access.state.${value}`) }))}
          />
          <SelectField
            name="role"
            label={t('access.users.role')}
            empty={t('access.users.all')}
            value={filters.role}
            options={ROLES.map((value) => ({ value, label: t(`access.role.${value}`) }))}
          />
          {may(ctx, EVERYWHERE) && (
            <SelectField
              name="organisation"
              label={t('access.users.organisation')}
              empty={t('access.users.all')}
              value={filters.organisation}
              options={await organisationOptions(ctx)}
            />
          )}
        </Filters>
        {users.length > 0 ? (
          <Table
            caption={t('access.users.title')}
            hidden
            columns={['name', 'email', 'roles', 'state', 'last_sign_in'].map((key) => ({
              label: t(`access.users.${key}`),
            }))}
            rows={users.map((user) => row(ctx, user))}
          />
        ) : (
          <Empty title={t('access.users.empty')} text={q && t('access.users.looked_for', { q })}>
            <LinkButton kind="second" href={localPath(ctx, PATH)}>
              {t('ui.filters.clear')}
            </LinkButton>
          </Empty>
        )}
        <Pager
          ctx={ctx}
          shown={users.length}
          total={total}
          next={found.length > SHOWN ? localPath(ctx, PATH + queryOf({ ...filters, after: users.at(-1)!.id })) : null}
          previous={after && localPath(ctx, PATH + queryOf(filters))}
        />
        {!may(ctx, EVERYWHERE) && <Note state="unknown" icon="info" title={t('access.users.only_own')} />}
      </WorkPage>
    )
  },
})

/** The same list as a table, a row for each membership. */
export const usersExport = defineExport({
  name: 'access.users',
  title: 'access.users.title',
  permission: 'user.administer',
  act: 'user.export',
  headings: (ctx) =>
    ['name', 'email', 'organisation', 'roles', 'state', 'created', 'last_sign_in'].map((key) =>
      ctx.t(`access.users.${key}`),
    ),
  async count(ctx, query, most) {
    return Math.min(await countUsers(ctx, { ...readUserFilters(query), after: undefined }), most)
  },
  async *rows(ctx, query) {
    for (const user of await listUsers(ctx, { ...readUserFilters(query), after: undefined }))
      for (const membership of user.memberships.length > 0 ? user.memberships : [null])
        yield [
          user.name,
          user.email,
          membership?.organisation,
          membership?.roles.join(' '),
          user.state,
          user.created_at,
          user.last_sign_in_at,
        ]
  },
})

/** An account's state as colour, shape and word. */
export const StateTag = ({ ctx, state }: { ctx: Ctx; state: UserState }) => (
  <Tag state={STATE_TAGS[state]} icon={state === 'locked' ? 'lock' : undefined}>
    {ctx.t(`access.state.${state}`)}
  </Tag>
)

const row = (ctx: Ctx, user: User) => [
  <a href={localPath(ctx, `${PATH}/${user.id}`)}>{user.name}</a>,
  user.email,
  <MembershipLines ctx={ctx} user={user} />,
  <StateTag ctx={ctx} state={user.state} />,
  user.last_sign_in_at ? ctx.format.dateTime(user.last_sign_in_at) : ctx.t('access.users.never'),
]

// Whoever sees one organisation only need not be told which.
const MembershipLines = ({ ctx, user: { memberships } }: { ctx: Ctx; user: User }) =>
  memberships.length === 0 ? (
    <>{ctx.t('access.users.nowhere')}</>
  ) : (
    <>
      {memberships.map(({ organisation, roles }) => (
        <div>
          {may(ctx, EVERYWHERE) && `${organisation}: `}
          {roleNames(ctx, roles) || ctx.t('access.account.no_roles')}
        </div>
      ))}
    </>
  )
