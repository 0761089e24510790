import { generateKeyPairSync } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { audit } from '../audit/audit.ts'
import type { ClientActor, Ctx } from '../context.ts'
import type { DB } from '../db/types.ts'
import { newId } from '../ids.ts'
import type { Platform } from '../module.ts'
import { problem } from '../problem.ts'
import { authorise, denied, may } from './authorise.ts'
import { hashToken, newToken, staffOf } from './sessions.ts'

/** Whoever sets which programs act for the organisation. */
export const ADMINISTER_CLIENTS = 'client.administer'
/** More programs than this an organisation has no use for. */
export const MOST_CLIENTS = 20
/** What a key begins with that a program sends: whoever finds one knows what it is. */
export const KEY_PREFIX = 'hsf_'

/**
 * Works as the program that calls, in one transaction, if it proves who it is and holds the permission. What is not read needs
 * the header `Idempotency-Key`: the same call again is answered alike and does nothing. `limit`: bytes of the body.
 */
export type AsClient = <T>(
  permission: string,
  work: (ctx: Ctx, body: Uint8Array) => Promise<T>,
  options?: { limit?: number },
) => Promise<T>

/** A program of the actor's organisation. What its key is checked by is not among what the app can read. */
export type Client = {
  id: string
  label: string
  permissions: string[]
  created_at: Temporal.Instant
  last_used_at: Temporal.Instant | null
  revoked_at: Temporal.Instant | null
}

/** What programs may be given, with how they prove who they are. */
const clientRights = ({ parts }: Pick<Platform, 'parts'>) =>
  parts.flatMap(({ clients = {} }) => Object.entries(clients).map(([permission, proof]) => ({ permission, proof })))

/** What the actor may give a program: administrators everything that programs can hold, others what they hold themselves. */
export const grantableRights = (ctx: Pick<Ctx, 'actor' | 'platform'>) =>
  clientRights(ctx.platform).filter(({ permission }) => may(ctx, 'user.administer') || may(ctx, permission))

/** The programs of the actor's organisation, the newest first; those that were revoked at the end. */
export async function listClients(ctx: Ctx): Promise<Client[]> {
  authorise(ctx, ADMINISTER_CLIENTS)
  return ctx.db
    .selectFrom('access.api_client')
    .select(['id', 'label', 'permissions', 'created_at', 'last_used_at', 'revoked_at'])
    .orderBy('revoked_at', (order) => order.desc().nullsFirst())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

/**
 * Adds a program, and answers its key, which is not kept: one that it sends, or, where a permission wants signed calls, the
 * private half of one that it signs with (Ed25519, PKCS #8, base64). Wants a fresh proof. @throws conflict when there are too many.
 */
export async function addClient(
  ctx: Ctx,
  { label, permissions }: { label: string; permissions: string[] },
): Promise<{ id: string; key: string; proof: 'key' | 'signature' }> {
  authorise(ctx, ADMINISTER_CLIENTS)
  const { user_id: created_by, organisation_id } = staffOf(ctx)
  const active = (await listClients(ctx)).filter(({ revoked_at }) => revoked_at === null)
  if (active.length >= MOST_CLIENTS) throw problem('conflict')
  const grantable = grantableRights(ctx).map(({ permission }) => permission)
  if (!permissions.every((permission) => grantable.includes(permission))) throw denied(ADMINISTER_CLIENTS)
  const signs = clientRights(ctx.platform).some(
    ({ permission, proof }) => proof === 'signature' && permissions.includes(permission),
  )
  const id = newId()
  const { key, ...check } = signs ? newSigningKey() : newSentKey()
  await ctx.db
    .insertInto('access.api_client')
    .values({ id, organisation_id, label, permissions, ...check, created_by, created_at: ctx.now })
    .execute()
  await audit(ctx, 'client.add', { type: 'client', id }, { permissions: permissions.length, signs })
  return { id, key, proof: signs ? 'signature' : 'key' }
}

/** Ends a program's access, at once and for good. @throws not_found for one that is not the organisation's or has ended. */
export async function revokeClient(ctx: Ctx, id: string): Promise<void> {
  authorise(ctx, ADMINISTER_CLIENTS)
  if (!z.uuid().safeParse(id).success) throw problem('not_found')
  const revoked = await ctx.db
    .updateTable('access.api_client')
    .set({ revoked_at: ctx.now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!revoked.numUpdatedRows) throw problem('not_found')
  await audit(ctx, 'client.revoke', { type: 'client', id })
}

/** The program with this key, or with this id, which must then sign. Null for an unknown or revoked one. */
export async function findClient(
  db: Kysely<DB>,
  { id = null, key }: { id?: string | null; key?: string },
): Promise<{ actor: ClientActor; public_key: Buffer | null } | null> {
  const { rows } = await sql<{
    client_id: string
    organisation_id: string
    public_key: Buffer | null
    permissions: string[]
  }>`
    select client_id, organisation_id, public_key, permissions
    from access.find_client(${id}::uuid, ${key === undefined ? null : hashToken(key)}::bytea)`.execute(db)
  const [found] = rows
  if (!found) return null
  const { client_id, organisation_id, public_key } = found
  return {
    actor: { kind: 'client', client_id, organisation_id, permissions: new Set(found.permissions) },
    public_key,
  }
}

function newSentKey() {
  const key = KEY_PREFIX + newToken()
  return { key, key_hash: hashToken(key) }
}

function newSigningKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    public_key: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'),
  }
}
