import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { withActor } from '../access/transaction.ts'
import type { Ctx } from '../context.ts'
import type { RoleName } from '../module.ts'
import { createPlatform } from '../platform.ts'
import { forgetFile, getFile, keepFile, readFile, receiveFile, type StoredFile, writeFile } from './files.ts'
import { type S3Server, startS3 } from './fixtures/s3-server.ts'
import { reapFiles } from './reap.ts'
import { fileResponse } from './response.ts'
import { rewrapFiles } from './rewrap.ts'
import { fileStore } from './store.ts'

let app: TestApp
let s3: S3Server
const dataFolder = mkdtempSync(join(tmpdir(), 'hamsafar-files-'))

beforeAll(async () => {
  app = await testApp()
  s3 = await startS3()
})
afterAll(async () => {
  await s3?.stop()
  await app?.drop()
  rmSync(dataFolder, { recursive: true })
})

const LATER = NOW.add({ hours: 25 })
const TEXT = Buffer.from('Рӯйхат\n'.repeat(20_000))
const KEEPING = { permission: 'vacancy.review', protect: false }

const contents = async (ctx: Ctx, file: Pick<StoredFile, 'id'>) =>
  Buffer.concat(await Array.fromAsync(await readFile(ctx, file)))

/** The platform with files in a folder or in a bucket. */
function platformOf(place: 'folder' | 'bucket', more: Record<string, string> = {}) {
  const settings = place === 'bucket' ? s3.settings : {}
  return createPlatform(
    app.platform.parts,
    { ...app.platform.config, HAMSAFAR_DATA: dataFolder, ...settings, ...more } as typeof app.platform.config,
    true,
  )
}

describe.each(['folder', 'bucket'] as const)('files in a %s', (place) => {
  let platform: ReturnType<typeof platformOf>
  beforeAll(() => {
    platform = platformOf(place)
  })
  const as = async <T>(role: RoleName, fn: (ctx: Ctx) => Promise<T>, now = NOW) => {
    const actor = await app.actor(role)
    return withActor(app.db, actor, (db) => fn({ ...app.ctx({ actor, db, now }), platform }), now)
  }
  const system = (now = NOW) => ({
    ...app.ctx({ db: app.owner, actor: { kind: 'system', task: 'test' }, now }),
    platform,
  })
  const receive = (name: string, content: Uint8Array, options: Partial<typeof KEEPING> & { accept?: string[] } = {}) =>
    as('vacancy_officer', async (ctx) => {
      const file = await receiveFile(ctx, { name, content }, { accept: ['text/plain'], ...KEEPING, ...options })
      await keepFile(ctx, file.id)
      return file
    })
  const idsInStore = async () => {
    const found: string[] = []
    for await (const { id } of fileStore(platform.config).list()) found.push(id)
    return found
  }

  test('a file comes back as it went in; only its organisation sees it', async () => {
    const file = await receive('list.txt', TEXT)
    expect(file).toMatchObject({ type: 'text/plain', size: TEXT.length, encrypted: false })
    expect(await as('vacancy_officer', (ctx) => contents(ctx, file))).toEqual(TEXT)
    await expect(as('administrator', (ctx) => getFile(ctx, file.id))).rejects.toMatchObject({ kind: 'not_found' })
    await expect(as('administrator', (ctx) => readFile(ctx, file))).rejects.toMatchObject({ kind: 'not_found' })
    await expect(
      as('adviser', (ctx) => writeFile(ctx, { name: 'x', type: 'text/plain', content: [TEXT] }, KEEPING)),
    ).rejects.toThrow('row-level security')
  })

  test('a protected file is noise in the store, and stays noise when its row is gone', async () => {
    const file = await receive('story.txt', TEXT, { protect: true })
    const bytes = Buffer.concat(await Array.fromAsync((await fileStore(platform.config).get(file.id))!))
    expect(bytes.length).toBeGreaterThan(TEXT.length)
    expect(bytes.includes('Рӯйхат')).toBe(false)
    expect(await as('vacancy_officer', (ctx) => contents(ctx, file))).toEqual(TEXT)
    await as('vacancy_officer', (ctx) => forgetFile(ctx, file.id))
    await expect(as('vacancy_officer', (ctx) => readFile(ctx, file))).rejects.toMatchObject({ kind: 'not_found' })
  })

  test('it is saved, never shown: as an attachment under its Cyrillic name, kept by nobody', async () => {
    const file = await receive('Рӯйхат "1".txt', TEXT, { protect: true })
    const response = await as('vacancy_officer', async (ctx) => fileResponse(ctx, await getFile(ctx, file.id)))
    // Read only now, after the transaction.
    expect(Buffer.from(await response.arrayBuffer())).toEqual(TEXT)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="_1_.txt"; filename*=UTF-8''${encodeURIComponent('Рӯйхат "1".txt')}`,
      'content-length': String(TEXT.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  test('after a rollback, without a record, or expired: taken away after a day, and nothing else', async () => {
    const kept = await receive('kept.txt', TEXT)
    let lost = ''
    await expect(
      as('vacancy_officer', async (ctx) => {
        lost = (await writeFile(ctx, { name: 'x', type: 'text/plain', content: [TEXT] }, KEEPING)).id
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    const pending = await as('vacancy_officer', (ctx) =>
      receiveFile(ctx, { name: 'p.txt', content: TEXT }, { accept: ['text/plain'], ...KEEPING }),
    )
    const brief = await as('vacancy_officer', async (ctx) => {
      const keeping = { ...KEEPING, protect: true, expires: NOW.add({ hours: 1 }) }
      const file = await writeFile(ctx, { name: 'b', type: 'text/plain', content: [TEXT] }, keeping)
      await keepFile(ctx, file.id)
      return file
    })
    expect(await idsInStore()).toEqual(expect.arrayContaining([kept.id, lost, pending.id, brief.id]))
    await expect(as('vacancy_officer', (ctx) => getFile(ctx, brief.id), LATER)).rejects.toMatchObject({
      kind: 'not_found',
    })

    const realNow = Temporal.Now.instant()
    await reapFiles(system(realNow.subtract({ hours: 1 })))
    expect(await idsInStore()).toEqual(expect.arrayContaining([kept.id, lost]))
    await reapFiles(system(realNow.add({ hours: 25 })))
    const left = await idsInStore()
    expect(left).toContain(kept.id)
    for (const gone of [lost, pending.id, brief.id]) expect(left).not.toContain(gone)
    const rows = await app.owner
      .selectFrom('files.file')
      .select('id')
      .where('id', 'in', [pending.id, brief.id])
      .execute()
    expect(rows).toEqual([])
  })

  test('every key is given over to a new secret; the old one then opens nothing', async () => {
    const file = await receive('old.txt', TEXT, { protect: true })
    const fresh = Buffer.alloc(32, 9).toString('base64')
    const before = platform.config.HAMSAFAR_SECRET_KEY
    const renewed = platformOf(place, { HAMSAFAR_SECRET_KEY: fresh, HAMSAFAR_SECRET_KEY_BEFORE: before })
    const ctx = { ...system(), platform: renewed }
    expect(await contents(ctx, file)).toEqual(TEXT)
    expect(await rewrapFiles(ctx)).toBeGreaterThan(0)
    expect(await rewrapFiles(ctx)).toBe(0)
    const alone = { ...system(), platform: platformOf(place, { HAMSAFAR_SECRET_KEY: fresh }) }
    expect(await contents(alone, file)).toEqual(TEXT)
    await expect(readFile(system(), file)).rejects.toThrow('which this installation does not have')
    // Back again, for the tests that follow.
    const back = { HAMSAFAR_SECRET_KEY: before, HAMSAFAR_SECRET_KEY_BEFORE: fresh }
    await rewrapFiles({ ...system(), platform: platformOf(place, back) })
  })
})

test('the service refuses nothing of ours: every request was signed, body and all', () => {
  expect(s3.objects.size).toBeGreaterThan(3)
  expect(s3.refused).toEqual([])
})

test('bytes that were changed on the way to the service are refused', async () => {
  const { config } = platformOf('bucket')
  const path = join(dataFolder, 'changed')
  writeFileSync(path, 'what is sent')
  const wrong = { size: 12, sha256: randomBytes(32) }
  await expect(fileStore(config).put('00', path, wrong)).rejects.toThrow(/body is not what was signed/)
})

test('a service that is busy is asked again', async () => {
  const store = fileStore(platformOf('bucket').config)
  const path = join(dataFolder, 'patient')
  writeFileSync(path, 'patience')
  s3.failing = 2
  const sha256 = createHash('sha256').update('patience').digest()
  await store.put('00', path, { size: 8, sha256 })
  s3.failing = 1
  expect(Buffer.concat(await Array.fromAsync((await store.get('00'))!)).toString()).toBe('patience')
  expect(s3.failing).toBe(0)
  await store.remove('00')
  expect(await store.get('00')).toBeUndefined()
})

describe('what is received', () => {
  const receive = async (name: string, content: Uint8Array, accept: string[], mostBytes?: number) => {
    const actor = await app.actor('vacancy_officer')
    return withActor(
      app.db,
      actor,
      async (db) => {
        const ctx = { ...app.ctx({ actor, db }), platform: platformOf('folder') }
        const file = await receiveFile(ctx, { name, content }, { accept, ...KEEPING, ...(mostBytes && { mostBytes }) })
        return { ...file, content: await contents(ctx, file) }
      },
      NOW,
    )
  }
  const picture = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#1d4e89' } })

  test('a picture is drawn anew: upright, smaller, without a word of where and by what it was taken', async () => {
    const taken = await picture(4_000, 1_000)
      .withExif({ IFD0: { Make: 'SECRET-PHONE' }, IFD3: { GPSLatitude: '38/1 33/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const before = await sharp(taken).metadata()
    expect([before.orientation, before.exif !== undefined]).toEqual([6, true])
    const file = await receive('IMG.exe', taken, ['image/jpeg'])
    const after = await sharp(file.content).metadata()
    expect(after).toMatchObject({ format: 'jpeg', width: 640, height: 2_560 })
    for (const part of ['exif', 'xmp', 'iptc', 'orientation'] as const) expect(after[part]).toBeUndefined()
    expect(file).toMatchObject({ name: 'IMG.jpg', type: 'image/jpeg' })
  })

  test.each(['png', 'webp'] as const)('%s stays %s', async (format) => {
    const file = await receive('a', await picture(9, 9).toFormat(format).toBuffer(), [`image/${format}`])
    expect(file).toMatchObject({ type: `image/${format}`, name: `a.${format}` })
  })

  test('the content decides, not the name', async () => {
    const page = Buffer.from('<!doctype html><script>alert(1)</script>')
    await expect(receive('cv.pdf', page, ['application/pdf'])).rejects.toMatchObject({ kind: 'unsupported' })
    expect(await receive('../../etc/\u202egpj.txt', page, ['text/plain'])).toMatchObject({
      type: 'text/plain',
      name: 'gpj.txt',
    })
    const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n')
    expect(await receive('x.txt', pdf, ['application/pdf'])).toMatchObject({ type: 'application/pdf', name: 'x.pdf' })
    await expect(receive('x', randomBytes(100), ['text/plain'])).rejects.toMatchObject({ kind: 'unsupported' })
  })

  test('too large, empty, broken, and pictures that unfold to too much are refused', async () => {
    const png = await picture(2_000, 2_000).png().toBuffer()
    await expect(receive('a', png, ['image/png'], 100)).rejects.toMatchObject({ kind: 'too_large' })
    await expect(receive('a', Buffer.alloc(0), ['image/png'])).rejects.toMatchObject({ kind: 'invalid' })
    await expect(receive('a', png.subarray(0, 400), ['image/png'])).rejects.toMatchObject({ kind: 'invalid' })
    const bomb = await picture(12_000, 6_000).png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).toBeLessThan(500_000)
    await expect(receive('a', bomb, ['image/png'])).rejects.toMatchObject({ kind: 'invalid' })
  })
})

test('in a folder only the platform itself can read; half-written files of a killed process go away', async () => {
  const { config } = platformOf('folder')
  const incoming = join(dataFolder, 'files/incoming')
  writeFileSync(join(incoming, 'left'), 'half')
  const old = Date.now() / 1000 - 90_000
  utimesSync(join(incoming, 'left'), old, old)
  await reapFiles({ ...app.ctx({ db: app.owner, now: Temporal.Now.instant() }), platform: platformOf('folder') })
  expect(readdirSync(incoming)).toEqual([])
  const modes = []
  for await (const { id } of fileStore(config).list()) {
    const group = join(dataFolder, 'files', id.slice(-2))
    modes.push(statSync(group).mode & 0o777, statSync(join(group, id)).mode & 0o777)
  }
  expect(new Set(modes)).toEqual(new Set([0o700, 0o600]))
})
