import type { Hono } from 'hono'
import { hashToken, newToken } from '#kernel/access/sessions.ts'
import type { StaffActor } from '#kernel/context.ts'
import type { Env } from '#kernel/http/env.ts'
import { newId } from '#kernel/ids.ts'
import type { RoleName } from '#kernel/module.ts'
import { createApp } from '../src/app.ts'
import { NOW, silentLog, type TestDatabase, testDatabase } from './database.ts'

export const ORIGIN = 'http://127.0.0.1:8080'

type Form = Record<string, string | string[] | File>

export type TestApp = TestDatabase & {
  app: Hono<Env>
  /** GET, or POST when there is a form; as a visitor or as staff with a role. Redirects are not followed. */
  ask(
    path: string,
    options?: { as?: RoleName; form?: Form; headers?: Record<string, string>; method?: string },
  ): Promise<Response>
  /** The actor behind `as`. */
  actor(role: RoleName): Promise<StaffActor>
  /** The token of a new session, for a browser's cookie `hamsafar`. */
  session(role: RoleName): Promise<string>
}

/** The whole application in this process, on a database of its own. */
export async function testApp({ now = () => NOW }: { now?: () => Temporal.Instant } = {}): Promise<TestApp> {
  const database = await testDatabase()
  const app = createApp({ platform: database.platform, db: database.db, log: silentLog, now })
  const staff = new Map<RoleName, Promise<StaffActor>>()
  const actorOf = (role: RoleName) => {
    const known = staff.get(role) ?? createStaff(database, role)
    staff.set(role, known)
    return known
  }
  const session = async (role: RoleName) => openSession(database, await actorOf(role))
  return {
    ...database,
    app,
    actor: actorOf,
    session,
    ask: async (path, { as, form, headers = {}, method } = {}) => {
      const body = form && formData(form)
      const cookie: Record<string, string> = as ? { cookie: `hamsafar=${await session(as)}` } : {}
      return app.request(ORIGIN + path, {
        method: method ?? (body ? 'POST' : 'GET'),
        headers: { origin: ORIGIN, ...cookie, ...headers },
        ...(body && { body }),
      })
    },
  }
}

function formData(form: Form): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) data.append(name, one)
  return data
}

async function createStaff(database: TestDatabase, role: RoleName): Promise<StaffActor> {
  const organisation_name = `Office of ${role}`
  const organisation_id = await testOffice(database, organisation_name)
  return member(database, role, organisation_id, { organisation_name, email: `${role}@test.example` })
}

/** An authority of Tajikistan with an English name. Answers its id. */
export async function testOffice({ owner }: TestDatabase, name: string): Promise<string> {
  const id = newId()
  await owner
    .insertInto('organisations.organisation')
    .values({ id, kind: 'authority', country: 'TJ', created_at: NOW })
    .execute()
  await owner.insertInto('organisations.organisation_name').values({ organisation_id: id, lang: 'en', name }).execute()
  return id
}

/** Somebody with a role in an organisation, straight into the tables: signing in has tests of its own, and argon2 is slow on purpose. */
export async function member(
  { owner }: TestDatabase,
  role: RoleName,
  organisation_id: string,
  { organisation_name = 'Office', email }: { organisation_name?: string; email?: string } = {},
): Promise<StaffActor> {
  const [user_id, membership_id] = [newId(), newId()]
  const name = `Test ${role}`
  await owner
    .insertInto('access.user_account')
    .values({ id: user_id, email: email ?? `${user_id}@test.example`, name, locale: 'en', created_at: NOW })
    .execute()
  await owner
    .insertInto('access.membership')
    .values({ id: membership_id, user_id, organisation_id, since: NOW.subtract({ hours: 1 }) })
    .execute()
  await owner.insertInto('access.membership_role').values({ membership_id, role }).execute()
  const permissions = await owner
    .selectFrom('access.role_permission')
    .select('permission')
    .where('role', '=', role)
    .execute()
  return {
    ...{ kind: 'staff', user_id, organisation_id, name, organisation_name, session_id: newId() },
    permissions: new Set(permissions.map(({ permission }) => permission)),
  }
}

// A session for each request: a page that ends it must not end the next one's.
async function openSession({ owner }: TestDatabase, { user_id, organisation_id }: StaffActor): Promise<string> {
  const token = newToken()
  const [from, until] = [NOW, NOW.add({ hours: 24 })]
  await owner
    .insertInto('access.session')
    .values({
      id: newId(),
      token_hash: hashToken(token),
      user_id,
      organisation_id,
      created_at: from,
      last_seen_at: from,
      idle_until: until,
      expires_at: until,
      // As right after signing in: dangerous acts ask for no other proof yet.
      proven_at: from,
    })
    .execute()
  return token
}
