import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { freePort, killAll, start } from '../../../test/process.ts'

// As an operator does it, with real processes.

const place = mkdtempSync(join(tmpdir(), 'hamsafar-operator-'))
afterAll(() => {
  killAll()
  rmSync(place, { recursive: true, force: true })
})

const at = (name: string) => join(place, name)
async function hamsafar(words: string[], env: Record<string, string>) {
  const command = start(['node', 'scripts/hamsafar.js', ...words], env)
  return { code: await command.ended, said: command.output() }
}

// One after the other. Beside the browsers of other files a start takes minutes: a limit is for what never ends.
describe('of a demonstration', { timeout: 480_000 }, () => {
  const [here, there] = [{ HAMSAFAR_DATA: at('here') }, { HAMSAFAR_DATA: at('there') }]
  const key = { HAMSAFAR_SECRET_KEY_FILE: at('here/secret-key') }

  test('backups are made while it runs, and never over another', async () => {
    const server = start(['node', 'scripts/start.js'], { ...here, PORT: String(await freePort()) })
    await server.said('Hamsafar runs at')
    const backup = await hamsafar(['backup', at('copy.tar')], here)
    expect(backup).toMatchObject({
      code: 0,
      said: expect.stringContaining('It holds personal data, and no secret key'),
    })
    expect(await hamsafar(['backup', at('copy')], here)).toMatchObject({ code: 0 })
    const twice = await hamsafar(['backup', at('copy')], here)
    expect([twice.code, twice.said]).toEqual([1, expect.stringContaining('never written over another')])
    expect(readdirSync(place).sort()).toEqual(['copy', 'copy.tar', 'here'])
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  test('a place that cannot be written, or holds no database, is named', async () => {
    const nowhere = await hamsafar(['backup', at('no/such/folder')], here)
    expect([nowhere.code, nowhere.said]).toEqual([1, expect.stringMatching(/cannot be written or read \(ENOENT\)/)])
    const mistyped = await hamsafar(['backup', at('empty')], { HAMSAFAR_DATA: at('hear') })
    expect([mistyped.code, mistyped.said]).toEqual([1, expect.stringContaining('There is no database in')])
    expect(existsSync(at('hear'))).toBe(false)
  })

  test('one is brought into a new folder, with the key alone, and only once', async () => {
    const keyless = await hamsafar(['restore', at('copy.tar')], there)
    expect([keyless.code, keyless.said]).toEqual([1, expect.stringContaining('Set HAMSAFAR_SECRET_KEY')])
    expect(existsSync(at('there/postgres'))).toBe(false)

    const back = await hamsafar(['restore', at('copy.tar'), '--json'], { ...there, ...key })
    expect(back.code).toBe(0)
    const answer = JSON.parse(back.said.trim().split('\n').at(-1)!)
    expect(answer).toMatchObject({ differing: [], audit: { ok: true } })
    expect(answer.rows).toBeGreaterThan(1_000)
    expect(readFileSync(at('there/secret-key'), 'utf8')).toBe(readFileSync(at('here/secret-key'), 'utf8'))

    const again = await hamsafar(['restore', at('copy')], { ...there, ...key })
    expect([again.code, again.said]).toEqual([1, expect.stringContaining('The database is not empty')])
  })

  test('it runs there, and its audit is whole', async () => {
    expect((await hamsafar(['audit', 'verify'], there)).code).toBe(0)
    const copy = start(['node', 'scripts/start.js'], { ...there, PORT: String(await freePort()) })
    await copy.said('Hamsafar runs at')
    copy.child.kill('SIGTERM')
    expect(await copy.ended).toBe(0)
  })
})
