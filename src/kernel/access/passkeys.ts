import { sql } from 'kysely'
import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { newId } from '../ids.ts'
import { problem } from '../problem.ts'
import type { Spend } from './candidate.ts'
import { knowsChallenge, newChallenge, spendChallenge } from './challenges.ts'
import { tellOwner } from './notices.ts'
import { staffOf } from './sessions.ts'

// Some hundred milliseconds to load, and most processes never need it.
const webauthn = () => import('@simplewebauthn/server')

// Ed25519, ES256 and RS256: what devices sign with. Named, because the library would else try newer ones, with warnings.
const ALGORITHMS = [-8, -7, -257]

/**
 * The site as passkeys know it: its host, and the address they are used at. A host that is a number has no passkeys;
 * this machine's is then known as `localhost`. Null where there can be none.
 */
export function relyingParty({ platform }: Pick<Ctx, 'platform'>): { id: string; origin: string } | null {
  const url = new URL(platform.config.origin)
  if (url.hostname === '127.0.0.1') url.hostname = 'localhost'
  if (/^[\d.]+$|^\[/.test(url.hostname)) return null
  if (url.protocol !== 'https:' && url.hostname !== 'localhost') return null
  return { id: url.hostname, origin: url.origin }
}

function partyOf(ctx: Pick<Ctx, 'platform'>): { id: string; origin: string } {
  const party = relyingParty(ctx)
  if (!party) throw problem('not_found')
  return party
}

/** What the browser needs to make a passkey for the actor's account, as JSON for `navigator.credentials.create`. */
export async function creationOptions(ctx: Ctx, email: string): Promise<object> {
  const { user_id, session_id, name } = staffOf(ctx)
  const own = await listPasskeys(ctx)
  return (await webauthn()).generateRegistrationOptions({
    rpName: ctx.t('ui.brand'),
    rpID: partyOf(ctx).id,
    userID: new Uint8Array(Buffer.from(user_id.replaceAll('-', ''), 'hex')),
    userName: email,
    userDisplayName: name,
    challenge: newChallenge(ctx, `add ${session_id}`),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: own.map(({ credential_id, transports }) => ({ id: base64url(credential_id), transports })),
  })
}

/** What the browser needs to sign with a passkey; for the actor's own session those of the account, else any. */
export async function requestOptions(ctx: Ctx): Promise<object> {
  const own = ctx.actor.kind === 'staff' ? await listPasskeys(ctx) : []
  return (await webauthn()).generateAuthenticationOptions({
    rpID: partyOf(ctx).id,
    challenge: newChallenge(ctx, ctx.actor.kind === 'staff' ? `prove ${ctx.actor.session_id}` : 'sign-in'),
    userVerification: 'required',
    allowCredentials: own.map(({ credential_id, transports }) => ({ id: base64url(credential_id), transports })),
  })
}

const RESPONSE = z.looseObject({
  id: z.string().max(1400),
  rawId: z.string().max(1400),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(4000) }),
  clientExtensionResults: z.looseObject({}),
})

/** Keeps a new passkey under a name. False when what the browser sent is not one, or came too late. Wants a fresh proof. */
export async function addPasskey(ctx: Ctx, sent: string, name: string): Promise<boolean> {
  const { user_id, session_id } = staffOf(ctx)
  const response = parsed(sent)
  if (!response) return false
  const { id: expectedRPID, origin: expectedOrigin } = partyOf(ctx)
  const result = await (await webauthn())
    .verifyRegistrationResponse({
      response: response as never,
      expectedChallenge: (text) => knowsChallenge(ctx, `add ${session_id}`, text),
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    .catch(() => null)
  if (!result?.verified || !(await spendChallenge(ctx.db, challengeOf(response)))) return false
  const { credential } = result.registrationInfo
  const id = newId()
  const inserted = await ctx.db
    .insertInto('access.passkey')
    .values({
      id,
      user_id,
      credential_id: Buffer.from(credential.id, 'base64url'),
      public_key: Buffer.from(credential.publicKey),
      counter: BigInt(credential.counter),
      transports: credential.transports ?? [],
      name,
      created_at: ctx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (!inserted.numInsertedOrUpdatedRows) return false
  await audit(ctx, 'passkey.add', { type: 'passkey', id })
  await tellOwner(ctx, user_id, 'passkey_added')
  return true
}

type Assertion = { user_id: string; state: string; spend: Spend }

/**
 * Whose passkey has signed our challenge for this purpose, after the person showed the device that it is them; null
 * when none of ours has. It counts once: `spend` uses it up.
 */
export async function readAssertion(ctx: Ctx, sent: string, purpose: string): Promise<Assertion | null> {
  const response = parsed(sent)
  if (!response) return null
  const { rows } = await sql<{
    passkey_id: string
    user_id: string
    state: string
    public_key: Buffer
    counter: bigint
    transports: string[]
  }>`
    select passkey_id, user_id, state, public_key, counter, transports
    from access.passkey_candidate(${Buffer.from(response.id, 'base64url')})`.execute(ctx.db)
  const [known] = rows
  if (!known) return null
  const { id: expectedRPID, origin: expectedOrigin } = partyOf(ctx)
  const result = await (await webauthn())
    .verifyAuthenticationResponse({
      response: response as never,
      expectedChallenge: (text) => knowsChallenge(ctx, purpose, text),
      expectedOrigin,
      expectedRPID,
      requireUserVerification: true,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(known.public_key),
        counter: Number(known.counter),
        transports: known.transports,
      },
    })
    .catch(() => null)
  if (!result?.verified) return null
  const { newCounter } = result.authenticationInfo
  return {
    user_id: known.user_id,
    state: known.state,
    async spend(db) {
      if (!(await spendChallenge(db, challengeOf(response)))) return false
      const spent = await sql<{ spent: boolean }>`
        select access.spend_passkey(${known.passkey_id}, ${newCounter}, ${ctx.now}) as spent`.execute(db)
      return spent.rows[0]!.spent
    },
  }
}

/** One's own passkeys, the newest first. */
export async function listPasskeys(ctx: Ctx) {
  return ctx.db
    .selectFrom('access.passkey')
    .select(['id', 'credential_id', 'transports', 'name', 'created_at', 'last_used_at'])
    .where('user_id', '=', staffOf(ctx).user_id)
    .where('removed_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Gives one's own passkey another name; 404 when there is none. */
export async function renamePasskey(ctx: Ctx, id: string, name: string): Promise<void> {
  await change(ctx, id, { name })
  await audit(ctx, 'passkey.rename', { type: 'passkey', id })
}

/** Takes one's own passkey out of use; 404 when there is none. */
export async function removePasskey(ctx: Ctx, id: string): Promise<void> {
  await change(ctx, id, { removed_at: ctx.now })
  await audit(ctx, 'passkey.remove', { type: 'passkey', id })
}

async function change(ctx: Ctx, id: string, to: { name: string } | { removed_at: Temporal.Instant }): Promise<void> {
  const changed = await ctx.db
    .updateTable('access.passkey')
    .set(to)
    .where('id', '=', id)
    .where('user_id', '=', staffOf(ctx).user_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!changed.numUpdatedRows) throw problem('not_found')
}

type Sent = z.output<typeof RESPONSE>

function parsed(sent: string): Sent | null {
  try {
    return RESPONSE.safeParse(JSON.parse(sent)).data ?? null
  } catch {
    return null
  }
}

// Read again only after the library has checked it.
const challengeOf = ({ response }: Sent): string =>
  JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8')).challenge

const base64url = (bytes: Buffer) => bytes.toString('base64url')
