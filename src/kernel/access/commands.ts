import { z } from 'zod'
import { type Command, defineCommand, type Out } from '../cli/command.ts'
import type { Ctx } from '../context.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { ROLES } from '../module.ts'
import { findOrganisation } from '../organisations/organisations.ts'
import { problem } from '../problem.ts'
import { codeOf, createUser, renewCredentials } from './credentials.ts'
import { DEMO_USERS } from './demo.ts'
import { issueLink } from './links.ts'
import { findUser, listUsers } from './user-list.ts'
import { setRoles, setUserState, type UserState } from './users.ts'

const email = z.email().describe('e-mail address of the account')
const organisation = z.string().describe('its id, or its name in any language')
const role = z
  .array(z.enum(ROLES))
  .default([])
  .describe(`one of ${ROLES.join(', ')}; may be repeated`)

const create = defineCommand({
  name: 'users create',
  summary: 'Create an account; prints its password and authenticator address once',
  input: z.object({
    email,
    name: z.string().min(1).describe('name of the person'),
    organisation,
    role,
    language: z.enum(LANGUAGES).default(LANGUAGES[0]).describe('in which we write to the person'),
  }),
  positionals: ['email'],
  needs: 'transaction',
  async run(ctx, { email, name, organisation, role, language }, out) {
    const { id: organisation_id } = await findOrganisation(ctx, organisation)
    const user = await createUser(ctx, { email, name, locale: language, organisation_id, roles: role })
    showCredentials(out, email, user)
  },
})

const list = defineCommand({
  name: 'users list',
  summary: 'List all accounts with organisations and roles',
  needs: 'database',
  async run(ctx, _, out) {
    const users = await listUsers(ctx)
    for (const { email, state, memberships } of users) {
      const at = memberships.map(({ organisation, roles }) => `${organisation}: ${roles.join(', ') || 'no roles'}`)
      out.print(`${email}  ${state}  ${at.join('; ')}`)
    }
    out.result(users)
  },
})

const states: { verb: string; state: UserState; summary: string }[] = [
  { verb: 'lock', state: 'locked', summary: 'Lock an account; its sessions end at once' },
  { verb: 'unlock', state: 'active', summary: 'Unlock an account and forgive its failed attempts' },
  { verb: 'close', state: 'closed', summary: 'Close an account and its memberships; nothing is deleted' },
]

const changeState = ({ verb, state, summary }: (typeof states)[number]): Command =>
  defineCommand({
    name: `users ${verb}`,
    summary,
    input: z.object({ email }),
    positionals: ['email'],
    needs: 'transaction',
    async run(ctx, { email }, out) {
      await setUserState(ctx, await findUser(ctx, email), state)
      out.print(`${email} is ${state}.`)
      out.result({ email, state })
    },
  })

const password = defineCommand({
  name: 'users password',
  summary: 'Give an account a new random password; its sessions end',
  input: z.object({
    email,
    authenticator: z.boolean().default(false).describe('a new authenticator secret too: the telephone was lost'),
  }),
  positionals: ['email'],
  needs: 'transaction',
  async run(ctx, { email, authenticator }, out) {
    const user = await findUser(ctx, email)
    showCredentials(out, user.email, await renewCredentials(ctx, user, { authenticator }))
  },
})

const link = defineCommand({
  name: 'users link',
  summary: 'Print a link with which a person sets password and authenticator, once, within 24 hours',
  input: z.object({ email }),
  positionals: ['email'],
  needs: 'transaction',
  async run(ctx, { email }, out) {
    const { address, expires_at } = await issueLink(ctx, (await findUser(ctx, email)).id)
    out.print(address)
    out.result({ email, address, expires_at: expires_at.toString() })
  },
})

const roles = defineCommand({
  name: 'users roles',
  summary: 'Set the roles of an account in an organisation, instead of those it holds there',
  input: z
    .object({
      email,
      organisation,
      role,
      none: z.boolean().default(false).describe('no roles: staff without special rights'),
    })
    .refine((input) => input.none !== input.role.length > 0, 'give at least one --role, or --none'),
  positionals: ['email'],
  needs: 'transaction',
  async run(ctx, { email, organisation, role }, out) {
    const { id } = await findOrganisation(ctx, organisation)
    await setRoles(ctx, (await findUser(ctx, email)).id, id, role)
    out.print(`${email}: ${role.join(', ') || 'no roles'}.`)
    out.result({ email, organisation_id: id, roles: role })
  },
})

const code = defineCommand({
  name: 'users code',
  summary: 'Show the code that a demonstration account signs in with now',
  input: z.object({ email }),
  positionals: ['email'],
  needs: 'database',
  async run(ctx, { email }, out) {
    if (!mayShowCode(ctx, email)) throw problem('forbidden', { detail: 'access.user.code_refused' })
    const { code, seconds } = await codeOf(ctx, (await findUser(ctx, email)).id)
    out.print(`${code}  (valid for ${seconds} s)`)
    out.result({ email, code, seconds })
  },
})

// Whoever may see a code needs no telephone: only invented people, in a demonstration, outside production.
const mayShowCode = ({ platform }: Ctx, email: string) =>
  platform.demonstration && !platform.config.production && DEMO_USERS.some((user) => user.email === email.toLowerCase())

function showCredentials(
  out: Out,
  email: string,
  { password, totp_address }: { password: string; totp_address: string | null },
) {
  out.print(`Account:       ${email}`)
  out.print(`Password:      ${password}`)
  if (totp_address) out.print(`Authenticator: ${totp_address}`)
  out.print('Hand this over in person. It is not shown again.')
  out.result({ email, password, totp_address })
}

/** The operator's commands on accounts. */
export const userCommands: readonly Command[] = [create, list, ...states.map(changeState), password, link, roles, code]
