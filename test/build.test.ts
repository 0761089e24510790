import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '#kernel/root.ts'

// The process that built goes on as the server: what its builder leaves running stays for as long.
const BUILD = `
  const { globSync, readFileSync } = await import('node:fs')
  const { buildAssets } = await import(process.argv[1])
  const folder = await buildAssets(process.argv[2])
  const children = () => globSync('/proc/self/task/*/children').map((file) => readFileSync(file, 'utf8')).join('').trim()
  for (let i = 0; i < 40 && children(); i++) await new Promise((done) => setTimeout(done, 50))
  console.log(JSON.stringify({ folder, running: children() }))`

test('a build leaves its files, and nothing running', () => {
  const dist = mkdtempSync(join(tmpdir(), 'hamsafar build '))
  try {
    const args = ['--input-type=module', '--eval', BUILD, join(ROOT, 'scripts/build.ts'), dist]
    const { folder, running } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    expect(readdirSync(folder)).toContain('manifest.json')
    expect(running).toBe('')
  } finally {
    rmSync(dist, { recursive: true, force: true })
  }
})
