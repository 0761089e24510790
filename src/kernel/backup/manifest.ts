import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { deriveKey, fingerprint } from '../access/secrets.ts'
import { CannotStart } from '../cannot-start.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const Manifest = z.object({
  format: z.literal(1),
  /** When the snapshot was taken: the backup holds all that was committed by then, and nothing later. */
  taken_at: z.string(),
  version: z.string(),
  postgres: z.string(),
  demonstration: z.boolean(),
  /** The schema, by the migrations that make it; the queue's by its own numbers. */
  migrations: z.array(z.object({ name: z.string(), checksum: hex })),
  queue_migrations: z.array(count),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: count,
      /** The same for the same rows in any order. */
      digest: hex,
      /** Of the part as it lies in the backup. */
      sha256: hex,
      bytes: count,
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: z.string().regex(/^-?\d+$/), called: z.boolean() })),
  files: z.array(z.object({ id: z.uuid(), sha256: hex, bytes: count })),
  /** Files that a row names and the store did not have. */
  lost_files: z.array(z.uuid()),
  /** Says which secret key opens what is encrypted inside, and nothing about the key. */
  key_check: hex,
})

/** What a backup holds, and the figures by which a restore is proven. */
export type Manifest = z.infer<typeof Manifest>

const NAME = 'manifest.json'

/** What proves that two installations have the same secret key. */
export const keyCheck = (secret: string): string =>
  fingerprint(deriveKey(secret, 'backup'), 'key check').toString('hex')

// Over the whole text: whoever changes a figure or a hash without the key is noticed.
const sealOf = (secret: string, text: string) => fingerprint(deriveKey(secret, 'backup'), text).toString('hex')

/** Writes the manifest, sealed with the secret key, as the last part of a backup. */
export async function writeManifest(folder: string, manifest: Manifest, secret: string): Promise<void> {
  const text = JSON.stringify(manifest)
  await writeFile(join(folder, NAME), `${text}\n${sealOf(secret, text)}\n`, { mode: 0o600 })
}

/**
 * Reads and checks a backup's manifest.
 * @throws CannotStart when there is none, it was altered, or the backup was made with another secret key.
 */
export async function readManifest(folder: string, secret: string): Promise<Manifest> {
  const content = await readFile(join(folder, NAME), 'utf8').catch(() => {
    throw new CannotStart(`${folder} is not a whole backup: it has no ${NAME}.`)
  })
  const [text = '', seal = ''] = content.split('\n')
  const manifest = parsed(text)
  if (!manifest)
    throw new CannotStart(`${join(folder, NAME)} cannot be read: it was altered or made by another version.`)
  if (manifest.key_check !== keyCheck(secret)) {
    throw new CannotStart(
      'This backup was made with another secret key: set the HAMSAFAR_SECRET_KEY of the installation it comes from (without one there, the file secret-key in its HAMSAFAR_DATA).',
    )
  }
  if (seal !== sealOf(secret, text))
    throw new CannotStart(`${join(folder, NAME)} was altered after the backup was made.`)
  return manifest
}

function parsed(text: string): Manifest | undefined {
  try {
    return Manifest.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
